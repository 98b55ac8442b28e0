package judge

import (
	"strings"
	"testing"

	"github.com/libdrives/conformance/suites/evidence"
)

func TestDrivesInXML(t *testing.T) {
	store := evidence.NewRecord(evidence.NewRedactor()).Store()
	list := `<?xml version='1.0' encoding='utf-8'?>
<response><meta type="hash"><limit type="integer">20</limit></meta><objects type="list">
<object><owner type="null"/><name>A &amp; B</name><mounted_on type="list"><object><uuid>nested</uuid><name>server</name></object></mounted_on><uuid>one</uuid></object>
<object><uuid>two</uuid><name type="null"/></object></objects></response>`
	drives, err := readXML(strings.NewReader(list), store)
	if err != nil || len(drives) != 2 || drives[0].uuid != "one" || drives[0].name != "A & B" || drives[1].uuid != "two" || drives[1].name != "" {
		t.Errorf("drives %+v, error %v", drives, err)
	}
	single, err := readXML(strings.NewReader(`<drive uuid="one" name="A"><owner><uuid>nobody</uuid></owner></drive>`), store)
	if err != nil || len(single) != 1 || single[0].uuid != "one" || single[0].name != "A" {
		t.Errorf("drive %+v, error %v", single, err)
	}
	for _, broken := range []string{"", "<a>", "<a></b>", "<a>&</a>", "<a/><b/>", "text<a/>", "<a/>text", "<a>\x01</a>", "{}"} {
		if _, err := readXML(strings.NewReader(broken), store); err == nil {
			t.Errorf("%q is taken for XML", broken)
		}
	}
}

func TestTheFormatOfABody(t *testing.T) {
	for body, want := range map[string]string{
		"{}": "JSON", " [1]": "JSON", "<?xml version='1.0'?><a/>": "XML", "<response/>": "XML", "<!DOCTYPE html><html>": "neither JSON nor XML",
		"<html>": "neither JSON nor XML", "": "nothing", "hello": "neither JSON nor XML",
	} {
		if got := FormatOf([]byte(body)); got != want {
			t.Errorf("FormatOf(%q) = %s, want %s", body, got, want)
		}
	}
}
