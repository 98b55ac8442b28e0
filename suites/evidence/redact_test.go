package evidence_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/libdrives/conformance/suites/evidence"
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
	"half escaped, half plain": func(s string) string { return url.PathEscape(s[:3]) + s[3:] },
}

func TestASecretIsRemovedHoweverItIsWritten(t *testing.T) {
	for _, secret := range []string{awkward, "plain-secret", "50%25 off", " + two  spaces ", "<&%\\\""} {
		redactor := evidence.NewRedactor(secret)
		for name, encode := range encodings {
			text := `{"error": "` + encode(secret) + `" tail}`
			if got, want := redactor.String(text), `{"error": "`+evidence.Redacted+`" tail}`; got != want {
				t.Errorf("the secret %q, %s, leaves %q of %q; want %q", secret, name, got, text, want)
			}
		}
	}
}

func TestASecretIsRemovedFromBase64AtEveryAlignment(t *testing.T) {
	const secret = "correct horse ?~>battery"
	redactor := evidence.NewRedactor(secret)
	for name, encoding := range map[string]*base64.Encoding{"standard": base64.StdEncoding, "URL": base64.RawURLEncoding} {
		for before := range 6 {
			for after := range 3 {
				text := encoding.EncodeToString([]byte("abcdef"[:before] + secret + "xyz"[:after]))
				got := redactor.String(text)
				if !strings.Contains(got, evidence.Redacted) {
					t.Fatalf("%s base64 with %d bytes before and %d after the secret keeps it: %q", name, before, after, got)
				}
				// What is left are the letters that the secret shares with its neighbours.
				if rest := strings.Replace(got, evidence.Redacted, "", 1); len(rest) > 2+4*(before+after+2)/3+2 {
					t.Errorf("%s base64 with %d bytes before and %d after the secret leaves too much: %q", name, before, after, got)
				}
			}
		}
	}
}

func TestSecretsThatOverlapLeaveNothing(t *testing.T) {
	redactor := evidence.NewRedactor("abcdef", "defghijk", "cd")
	if got := redactor.String("1 abcdefghijk 2 cd 3"); got != "1 [redacted] 2 [redacted] 3" {
		t.Errorf("overlapping secrets leave %q", got)
	}
}

func TestASecretThatIsPartOfThePlaceholderIsRemovedOnce(t *testing.T) {
	redactor := evidence.NewRedactor("act", "secret")
	if got := redactor.String("a secret act"); got != "a [redacted] [redacted]" {
		t.Errorf("a secret within the placeholder makes %q of \"a secret act\"", got)
	}
}

func TestTextWithoutASecretStaysAsItIs(t *testing.T) {
	redactor := evidence.NewRedactor(awkward, "", "plain-secret")
	for _, text := range []string{"", "%", `\`, "&", `\u`, `\ud83d`, `\ud83d\u`, "%2", "%25", "%252525252525", "&amp;amp;amp;amp;", "&#xffffffffff;",
		"plain-secre", "plain-secreT", strings.Repeat(`\`, 100), "p%C3%A4%22s", "p\xff\xfe"} {
		clean, found := redactor.Bytes([]byte(text))
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
		if name == "half escaped, half plain" || name == "JSON in an XML text" {
			return // these cut a character in two
		}
		if got := evidence.NewRedactor(secret).String(text); !strings.HasPrefix(got, before) && !strings.HasPrefix(got, evidence.Redacted) ||
			!strings.Contains(got, evidence.Redacted) {
			t.Fatalf("the secret %q, %s, survives in %q as %q", secret, name, text, got)
		}
	})
}

func TestARecordKeepsNoSecretOfAnExchange(t *testing.T) {
	const own = "0123456789abcdef0123456789abcdef"
	record := evidence.NewRecord(evidence.NewRedactor(awkward))
	kept := record.Add(evidence.Exchange{
		Key: "read " + awkward, Take: 1, Purpose: "why " + awkward, Failure: "failed over " + url.QueryEscape(awkward),
		Request: evidence.Request{
			Method: "POST", URL: "https://host/?p=" + url.QueryEscape(awkward), Body: []byte(asciiJSON(awkward)),
			Header: http.Header{"Authorization": {"Basic abc"}, "Cookie": {"sessionid=abc; other=def"}, "X-Csrftoken": {"abc"}},
		},
		Response: &evidence.Response{
			Status: 400,
			Header: http.Header{
				"Location":      {"/?next=" + url.QueryEscape(awkward)},
				"Authorization": {"Digest response=" + own},
				"Set-Cookie":    {"sessionid=abc; Path=/" + url.PathEscape(awkward)},
				"X-Fine":        {"fine"},
			},
			Body: []byte("<p>" + xmlText(awkward) + "</p>" + own),
		},
	}, own)
	told := fmt.Sprintf("%+v %+v %s", kept, kept.Response, kept.Response.Body)
	for _, secret := range []string{awkward, url.QueryEscape(awkward), url.PathEscape(awkward), asciiJSON(awkward), xmlText(awkward), own, "abc"} {
		if strings.Contains(told, secret) {
			t.Errorf("the record keeps %q in %s", secret, told)
		}
	}
	if want := []string{"body", "header Authorization", "header Location"}; !slices.Equal(kept.Response.Leaks, want) {
		t.Errorf("the leaks are %q, want %q", kept.Response.Leaks, want)
	}
	if got, want := kept.Request.Header.Get("Cookie"), "sessionid=[redacted]; other=[redacted]"; got != want {
		t.Errorf("the request's cookies are kept as %q, want %q", got, want)
	}
	if got, want := kept.Response.Header.Get("Set-Cookie"), "sessionid=[redacted]; Path=/[redacted]"; got != want {
		t.Errorf("the cookie being set is kept as %q, want %q", got, want)
	}
	if record.Answer("read "+awkward, 1) != kept {
		t.Error("an exchange whose key holds a secret is not found by its key")
	}
}

func BenchmarkRedaction(b *testing.B) {
	redactor := evidence.NewRedactor("correct horse battery staple", "user@example.com:correct horse battery staple",
		"1f3870be274f6c49b3e31a0c6728957f", "8d777f385d3dfec8815d20f7496026dc")
	body := []byte(strings.Repeat(`{"name": "\u0411\u0435\u043b\u044b\u0439 Windows Server", "uuid": "c7105ec8-0000", "owner": null}, `, 80000))
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if _, found := redactor.Bytes(body); found {
			b.Fatal("a secret was found where none is")
		}
	}
}

func TestAHostileBodyIsNoBurden(t *testing.T) {
	redactor := evidence.NewRedactor("correct horse battery staple", "cc&cc%cc")
	for _, unit := range []string{"%", `\`, "&", "&amp;", "%25", `\\u005c`, "c%25", "c&", `c\`, "+", "&#"} {
		body := []byte(strings.Repeat(unit, 20_000/len(unit)))
		if _, found := redactor.Bytes(body); found {
			t.Errorf("%q over and over is taken for a secret", unit)
		}
	}
}
