package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestARecordIsJudgedByOtherGatesOffline(t *testing.T) {
	folder := t.TempDir()
	record, report, again := filepath.Join(folder, "a", "run.jsonl"), filepath.Join(folder, "run.json"), filepath.Join(folder, "again.json")
	o := execute(t, nil, "run", "--profile", "read", "--select", "LIST,OWNER-02", "--fault", "owner-missing-through-drives", "--record", record, "--json", report)
	if o.code != 1 {
		t.Fatalf("exit code %d, the fault breaks a must:\n%s", o.code, o.stderr)
	}
	judged := execute(t, []string{"LIBDRIVES_TARGET=https://not.reached.example/", "LIBDRIVES_PASSWORD=x"}, "judge", record, "--json", again)
	said, _, _ := strings.Cut(o.stdout, "\nNext: ") // what is next is to judge the one again, or the other
	if says, next, _ := strings.Cut(judged.stdout, "\nNext: "); judged.code != 1 || says != said || !strings.Contains(next, "judge "+record+" --select OWNER-02") {
		t.Errorf("judging the record ends with exit code %d and says\n%s\nand the run said\n%s", judged.code, judged.stdout, o.stdout)
	}
	times := regexp.MustCompile(`"seconds": [0-9.e-]+`)
	if first, second := times.ReplaceAllString(read(t, report), ""), times.ReplaceAllString(read(t, again), ""); first != second {
		t.Error("the report of the record differs from that of the run beyond times")
	}
	narrow := execute(t, nil, "judge", record, "--select", "LIST", "--quiet")
	if narrow.code != 0 || !strings.Contains(narrow.stdout, "conforms") {
		t.Errorf("judging only what holds ends with exit code %d: %s", narrow.code, narrow.stdout)
	}
}

func TestJudgeSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	record, other, cut := filepath.Join(folder, "run.jsonl"), filepath.Join(folder, "other.json"), filepath.Join(folder, "cut.jsonl")
	if o := execute(t, nil, "run", "--select", "LIST-01", "--record", record, "--json", other); o.code != 0 {
		t.Fatalf("exit code %d, the reference endpoint conforms:\n%s", o.code, o.stderr)
	}
	whole := read(t, record)
	if err := os.WriteFile(cut, []byte(whole[:len(whole)-20]), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args  []string
		words []string
	}{
		{nil, []string{"no record given", "run --record"}},
		{[]string{record, record}, []string{"unexpected argument", "one record"}},
		{[]string{filepath.Join(folder, "none")}, []string{"can't be read", "none", "no such file"}},
		{[]string{folder}, []string{folder, "it is not a record"}},
		{[]string{other}, []string{"other.json", "it is not a record", "run --record"}},
		{[]string{cut}, []string{"cut.jsonl", "line "}},
		{[]string{record, "--select", "LIST-1"}, []string{"--select", "LIST-1", "LIST-01"}},
		{[]string{record, "--target", "https://host/"}, []string{"unknown flag --target", "run"}},
		{[]string{record, "--json", record}, []string{"json", "is what is read"}},
		{[]string{record, "--html", folder}, []string{"--html", "folder"}},
	} {
		o := execute(t, nil, append([]string{"judge"}, c.args...)...)
		if o.code != 2 {
			t.Errorf("judge %v: exit code %d, want 2:\n%s", c.args, o.code, o.stderr)
		}
		o.saysOneThing(t, c.words...)
	}
	if read(t, record) != whole {
		t.Error("a record that was judged is changed")
	}
}

// TestAReportThatCannotBeWrittenIsNoGreenRun fills a disk that is full from the beginning.
func TestAReportThatCannotBeWrittenIsNoGreenRun(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no /dev/full, which is a disk that is always full")
	}
	junit := filepath.Join(t.TempDir(), "made", "junit.xml")
	for _, flag := range []string{"--json", "--html", "--markdown", "--har", "--record"} {
		o := execute(t, nil, "run", "--select", "LIST-01", flag, "/dev/full", "--junit", junit)
		if o.code != 3 {
			t.Errorf("%s on a full disk: exit code %d, want 3", flag, o.code)
		}
		o.saysOneThing(t, "/dev/full", "no space left", "make room")
		if all, passed := count(t, junit); all != 1 || passed != 1 {
			t.Errorf("%s on a full disk: the other report tells of %d requirements, want 1", flag, all)
		}
	}
}
