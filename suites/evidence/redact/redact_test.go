package redact_test

import (
	"bytes"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"mime/quotedprintable"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"github.com/libdrives/conformance/suites/evidence/redact"
)

// awkward has everything that some encoding escapes.
const awkward = `pä"s\s/<&'w %+😀rd=7`

func asciiJSON(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		return err.Error()
	}
	var ascii strings.Builder
	for _, r := range string(quoted[1 : len(quoted)-1]) {
		switch {
		case r < 0x80:
			ascii.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&ascii, `\u%04x`, r)
		default:
			r -= 0x10000
			fmt.Fprintf(&ascii, `\u%04X\u%04X`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		}
	}
	return ascii.String()
}

func xmlText(text string) string {
	var escaped bytes.Buffer
	if err := xml.EscapeText(&escaped, []byte(text)); err != nil {
		return err.Error()
	}
	return escaped.String()
}

func everyByte(text, format string) string {
	var out strings.Builder
	for _, b := range []byte(text) {
		fmt.Fprintf(&out, format, b)
	}
	return out.String()
}

func everyRune(text, format string) string {
	var out strings.Builder
	for _, r := range text {
		fmt.Fprintf(&out, format, r)
	}
	return out.String()
}

func everyUnit(text, format string) string {
	var out strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&out, format, unit)
	}
	return out.String()
}

func wide(text string, first, second int) string {
	var out strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		out.Write([]byte{byte(unit >> first), byte(unit >> second)})
	}
	return out.String()
}

func quotedPrintable(text string) string {
	var out strings.Builder
	writer := quotedprintable.NewWriter(&out)
	_, _ = writer.Write([]byte(text)) // to memory
	_ = writer.Close()
	return out.String()
}

var encodings = map[string]func(string) string{
	"as it is":                func(s string) string { return s },
	"query escaped":           url.QueryEscape,
	"path escaped":            url.PathEscape,
	"every byte escaped":      func(s string) string { return everyByte(s, "%%%02x") },
	"percent escaped twice":   func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
	"JSON in ASCII":           asciiJSON,
	"JSON in JSON":            func(s string) string { return asciiJSON(asciiJSON(s)) },
	"JSON with escaped slash": func(s string) string { return strings.ReplaceAll(asciiJSON(s), "/", `\/`) },
	"Python or JavaScript":    func(s string) string { return everyByte(s, `\x%02x`) },
	"XML":                     xmlText,
	"HTML":                    html.EscapeString,
	"HTML in HTML":            func(s string) string { return html.EscapeString(html.EscapeString(s)) },
	"JSON in an XML text":     func(s string) string { return s[:1] + xmlText(s[1:]) },
	"percent escaped in JSON": func(s string) string { return asciiJSON(url.PathEscape(s)) },
	"JSON, percent escaped":   func(s string) string { return url.QueryEscape(asciiJSON(s)) },
	"JSON in HTML":            func(s string) string { return html.EscapeString(asciiJSON(s)) },
	"HTML in JSON":            func(s string) string { return asciiJSON(html.EscapeString(s)) },
	"JSON in a link in HTML": func(s string) string {
		return html.EscapeString("a&b=" + url.QueryEscape(asciiJSON(s)))[len("a&amp;b="):]
	},
	"XML, percent escaped":     func(s string) string { return url.PathEscape(xmlText(s)) },
	"octal":                    func(s string) string { return everyByte(s, `\%03o`) },
	"octal with a zero":        func(s string) string { return everyByte(s, `\0%03o`) },
	"octal in JSON":            func(s string) string { return asciiJSON(everyByte(s, `\%03o`)) },
	"quoted-printable":         func(s string) string { return everyByte(s, "=%02X") },
	"quoted-printable in part": quotedPrintable,
	"with a soft line break":   func(s string) string { return quotedPrintable(s[:1]) + "=\r\n" + quotedPrintable(s[1:]) },
	"entities":                 func(s string) string { return everyRune(s, "&#%d;") },
	"entities without an end":  func(s string) string { return everyRune(s, "&#%d") },
	"in hexadecimal":           func(s string) string { return everyRune(s, "&#x%x;") },
	"hexadecimal without end":  func(s string) string { return everyRune(s, "&#X%04X") },
	"entities in JSON":         func(s string) string { return asciiJSON(everyRune(s, "&#%d;")) },
	"old JavaScript":           func(s string) string { return everyUnit(s, "%%u%04x") },
	"every letter in JSON":     func(s string) string { return everyUnit(s, `\u%04X`) },
	"braces":                   func(s string) string { return everyRune(s, `\u{%x}`) },
	"eight digits":             func(s string) string { return everyRune(s, `\U%08x`) },
	"percent escaped thrice":   func(s string) string { return url.QueryEscape(url.QueryEscape(url.QueryEscape(s))) },
	"every byte, twice":        func(s string) string { return url.QueryEscape(everyByte(s, "%%%02X")) },
	"hex":                      func(s string) string { return everyByte(s, "%02x") },
	"hex in capitals":          func(s string) string { return everyByte(s, "%02X") },
	"hex with spaces":          func(s string) string { return strings.TrimSpace(everyByte(s, "%02x ")) },
	"hex with colons":          func(s string) string { return strings.TrimSuffix(everyByte(s, "%02X:"), ":") },
	"hex as C has it":          func(s string) string { return strings.TrimSuffix(everyByte(s, "0x%02x, "), ", ")[2:] },
	"decimal":                  func(s string) string { return strings.TrimSuffix(everyByte(s, "%d,"), ",") },
	"decimal with spaces":      func(s string) string { return strings.TrimSuffix(everyByte(s, "%d, "), ", ") },
	"UTF-16, little end first": func(s string) string { return strings.TrimSuffix(wide(s, 0, 8), "\x00") },
	"UTF-16, big end first":    func(s string) string { return strings.TrimPrefix(wide(s, 8, 0), "\x00") },
	"half escaped, half plain": func(s string) string { return url.PathEscape(s[:3]) + s[3:] },
}

func TestASecretIsRemovedHoweverItIsWritten(t *testing.T) {
	for _, secret := range []string{awkward, "plain-secret", "50%25 off", " + two  spaces ", "<&%\\\""} {
		redactor := redact.New(secret)
		for name, encode := range encodings {
			text := `{"error": "` + encode(secret) + `" tail}`
			if got, want := redactor.String(text), `{"error": "`+redact.Placeholder+`" tail}`; got != want {
				t.Errorf("the secret %q, %s, leaves %q of %q; want %q", secret, name, got, text, want)
			}
		}
	}
}

func TestASecretIsRemovedFromBase64AtEveryAlignment(t *testing.T) {
	const secret = "correct horse ?~>battery"
	redactor := redact.New(secret)
	for name, encoding := range map[string]*base64.Encoding{"standard": base64.StdEncoding, "URL": base64.RawURLEncoding} {
		for before := range 6 {
			for after := range 3 {
				text := encoding.EncodeToString([]byte("abcdef"[:before] + secret + "xyz"[:after]))
				got := redactor.String(text)
				if !strings.Contains(got, redact.Placeholder) {
					t.Fatalf("%s base64 with %d bytes before and %d after the secret keeps it: %q", name, before, after, got)
				}
				// What is left are the letters that the secret shares with its neighbours.
				if rest := strings.Replace(got, redact.Placeholder, "", 1); len(rest) > 2+4*(before+after+2)/3+2 {
					t.Errorf("%s base64 with %d bytes before and %d after the secret leaves too much: %q", name, before, after, got)
				}
			}
		}
	}
}

// TestASecretIsRemovedFromBase32AndFromBase64BesideHex puts base64 and hexadecimal into one another, and looks at base32.
func TestASecretIsRemovedFromBase32AndFromBase64BesideHex(t *testing.T) {
	const secret = "correct horse ?~>battery"
	redactor := redact.New(secret)
	for name, encode := range map[string]func(string) string{
		"base32":            func(s string) string { return base32.StdEncoding.EncodeToString([]byte(s)) },
		"base32, small":     func(s string) string { return strings.ToLower(base32.StdEncoding.EncodeToString([]byte(s))) },
		"hex of base64":     func(s string) string { return fmt.Sprintf("%x", base64.StdEncoding.EncodeToString([]byte(s))) },
		"HEX of URL base64": func(s string) string { return fmt.Sprintf("%X", base64.URLEncoding.EncodeToString([]byte(s))) },
		"base64 of hex":     func(s string) string { return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%x", s)) },
		"base64 of HEX":     func(s string) string { return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%X", s)) },
	} {
		for before := range 6 {
			text := encode("abcdef"[:before] + secret + "xy")
			got := redactor.String(text)
			if rest := len(strings.Replace(got, redact.Placeholder, "", 1)); !strings.Contains(got, redact.Placeholder) || rest > 4*(before+4) {
				t.Errorf("%s with %d bytes before leaves %q of %q", name, before, got, text)
			}
		}
	}
}

// TestASecretIsRemovedFromBase64InBase64 encodes what holds the secret twice, and a text in UTF-16 once.
func TestASecretIsRemovedFromBase64InBase64(t *testing.T) {
	const secret = "correct horse ?~>battery"
	redactor := redact.New(secret)
	for before := range 3 {
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawURLEncoding} {
			inner := encoding.EncodeToString([]byte("abc"[:before] + secret + "xyz"))
			for around := range 3 {
				text := encoding.EncodeToString([]byte("abc"[:around] + inner + "x"))
				got := redactor.String(text)
				if rest := len(strings.Replace(got, redact.Placeholder, "", 1)); !strings.Contains(got, redact.Placeholder) || rest > 28 {
					t.Errorf("base64 of base64, with %d and %d bytes before, leaves %q of %q", before, around, got, text)
				}
			}
		}
	}
	text := base64.StdEncoding.EncodeToString([]byte(wide("user:"+secret, 0, 8)))
	if got := redactor.String(text); !strings.Contains(got, redact.Placeholder) || len(got) > len(redact.Placeholder)+18 {
		t.Errorf("base64 of UTF-16 leaves %q of %q", got, text)
	}
}

// TestADigestResponseIsRemovedInEitherCase looks for a hash as it is, in capitals, and in hexadecimal once more.
func TestADigestResponseIsRemovedInEitherCase(t *testing.T) {
	const response = "6629fae49393a05397450978507c4ef1"
	redactor := redact.New(response)
	capitals := strings.ToUpper(response)
	for _, form := range []string{response, capitals, fmt.Sprintf("%x", response), fmt.Sprintf("%X", response), fmt.Sprintf("%x", capitals), fmt.Sprintf("% X", capitals)} {
		if got := redactor.String("response=" + form + ","); got != "response=[redacted]," {
			t.Errorf("%q is kept as %q", form, got)
		}
	}
}

// TestAFewBytesAreNoNumbers keeps the digits of uuids where they only look like a short secret.
func TestAFewBytesAreNoNumbers(t *testing.T) {
	redactor := redact.New("pas", "7")
	for _, text := range []string{"id 70617300-1111", "112, 97, 115"} {
		if got := redact.New("pas").String(text); got != text {
			t.Errorf("three bytes are looked for as numbers: %q becomes %q", text, got)
		}
	}
	if got := redactor.String("7 of 37"); got != "[redacted] of 3[redacted]" {
		t.Errorf("a digit is kept: %q", got)
	}
}

// TestHalfASecretIsNotShown looks at texts that were cut short before they were looked at.
func TestHalfASecretIsNotShown(t *testing.T) {
	matcher := redact.New(awkward, "correct horse battery").Matcher()
	for text, want := range map[string]string{
		"it says correct horse batt…": "it says [redacted]…", "a corr… b correct hors… c": "a [redacted]… b [redacted]… c",
		"?q=" + url.QueryEscape(awkward)[:12] + "…": "?q=[redacted]…", "a core…": "a core…", "the whole …": "the whole …", "no end": "no end", "…": "…",
		"Basic " + base64.StdEncoding.EncodeToString([]byte("correct horse battery"))[:16] + "…": "Basic [redacted]…",
	} {
		if got := matcher.Cut(text); got != want {
			t.Errorf("%q is shown as %q, and should be as %q", text, got, want)
		}
	}
}

func TestSecretsThatOverlapLeaveNothing(t *testing.T) {
	redactor := redact.New("abcdef", "defghijk", "cd")
	if got := redactor.String("1 abcdefghijk 2 cd 3"); got != "1 [redacted] 2 [redacted] 3" {
		t.Errorf("overlapping secrets leave %q", got)
	}
}

func TestASecretThatIsPartOfThePlaceholderIsRemovedOnce(t *testing.T) {
	redactor := redact.New("act", "secret")
	if got := redactor.String("a secret act"); got != "a [redacted] [redacted]" {
		t.Errorf("a secret within the placeholder makes %q of \"a secret act\"", got)
	}
}

func TestTextWithoutASecretStaysAsItIs(t *testing.T) {
	redactor := redact.New(awkward, "", "plain-secret")
	for _, text := range []string{"", "%", `\`, "&", `\u`, `\ud83d`, `\ud83d\u`, "%2", "%25", "%252525252525", "&amp;amp;amp;amp;", "&#xffffffffff;",
		"plain-secre", "plain-secreT", strings.Repeat(`\`, 100), "p%C3%A4%22s", "p\xff\xfe"} {
		clean, found := redactor.Matcher().Bytes([]byte(text))
		if found || string(clean) != text {
			t.Errorf("%q, which holds no secret, becomes %q (found: %v)", text, clean, found)
		}
	}
}

func TestNoSecretSurvivesAnyEncodingAnywhere(t *testing.T) {
	names := make([]string, 0, len(encodings))
	for name := range encodings {
		names = append(names, name)
	}
	slices.Sort(names)
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[ -~äß€😀]{6,20}`).Draw(t, "secret")
		name := rapid.SampledFrom(names).Draw(t, "encoding")
		before := rapid.StringMatching(`[a-z{": ]{0,8}`).Draw(t, "before")
		text := before + encodings[name](secret) + "."
		if name == "half escaped, half plain" || name == "JSON in an XML text" || name == "with a soft line break" {
			return // these cut a character in two
		}
		if got := redact.New(secret).String(text); !strings.HasPrefix(got, before) && !strings.HasPrefix(got, redact.Placeholder) ||
			!strings.Contains(got, redact.Placeholder) {
			t.Fatalf("the secret %q, %s, survives in %q as %q", secret, name, text, got)
		}
	})
}

func BenchmarkRedaction(b *testing.B) {
	redactor := redact.New("correct horse battery staple", "user@example.com:correct horse battery staple",
		"1f3870be274f6c49b3e31a0c6728957f", "8d777f385d3dfec8815d20f7496026dc")
	body := []byte(strings.Repeat(`{"name": "\u0411\u0435\u043b\u044b\u0439 Windows Server", "uuid": "c7105ec8-0000", "owner": null}, `, 80000))
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, found := redactor.Matcher().Bytes(body); found {
			b.Fatal("a secret was found where none is")
		}
	}
}

func TestAHostileBodyIsNoBurden(t *testing.T) {
	redactor := redact.New("correct horse battery staple", "cc&cc%cc")
	for _, unit := range []string{"%", `\`, "&", "&amp;", "%25", `\\u005c`, "c%25", "c&", `c\`, "+", "&#"} {
		body := []byte(strings.Repeat(unit, 20_000/len(unit)))
		if _, found := redactor.Matcher().Bytes(body); found {
			t.Errorf("%q over and over is taken for a secret", unit)
		}
	}
}

// TestOneMoreSecretCostsTheSameHoweverManyThereAre has a redactor that knows few and many responses of HTTP Digest, of which
// every request brings one.
func TestOneMoreSecretCostsTheSameHoweverManyThereAre(t *testing.T) {
	const name = "libdrives-conformance-hue6gipbxa-7"
	cost := func(known int) float64 {
		r := redact.New("a password of ours")
		response := func(n int) string { return fmt.Sprintf("%08x%08x%08x%08x", n*2654435761, n*40503, n, n*97) }
		for n := range known {
			r.AddOnce(response(n))
		}
		if r.Identifier(name) != name || r.Text("it says "+response(0)) != "it says "+redact.Placeholder {
			t.Error("a name must stay whole, and a response that was added once must not be told")
		}
		return testing.AllocsPerRun(20, func() {
			known++
			r.AddOnce(response(known))
			r.Identifier(name)
		})
	}
	few, many := cost(20), cost(1000)
	if many > 3*few {
		t.Errorf("one more secret takes %.0f allocations beside 20 others and %.0f beside 1000; it should take as much", few, many)
	}
}
