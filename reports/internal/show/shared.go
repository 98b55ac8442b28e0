package show

import (
	"fmt"
	"time"
)

// Each makes a list of another, and never nil.
func Each[A, B any](list []A, of func(A) B) []B {
	made := make([]B, 0, len(list))
	for _, item := range list {
		made = append(made, of(item))
	}
	return made
}

func Timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// Elapsed is a duration as a person says it.
func Elapsed(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

// Count is how many of a list are so.
func Count[A any](list []A, is func(A) bool) int {
	n := 0
	for _, item := range list {
		if is(item) {
			n++
		}
	}
	return n
}

// Gigabytes writes a size as providers do.
func Gigabytes(size int64) string { return fmt.Sprintf("%.1f GB", float64(size)/(1<<30)) }
