// Package html writes pages for people: the report of a run and the matrix of a selftest, each one file that needs no
// network.
//
// It must not know the other formats. Whatever an endpoint said is text on a page, and never markup.
package html

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"

	"github.com/libdrives/conformance/reports"
)

//go:embed page
var htmlFiles embed.FS

// Write writes the report as one page for people. The page needs no network; without scripts it can be read whole, and
// with its own one it can be filtered and searched, and its evidence opened at once. Nothing in it runs but that script:
// whatever an endpoint said is text, and a policy in the page forbids the rest.
func Write(w io.Writer, r *reports.Report) error {
	page, err := template.ParseFS(htmlFiles, "page/head.html", "page/report*.html")
	if err != nil {
		return err
	}
	view, err := newHTMLView(r)
	if err != nil {
		return err
	}
	return page.ExecuteTemplate(w, "report.html", view)
}

// htmlAssets are the style and the script of a page, which stand in it, and the policy that allows them alone.
type htmlAssets struct {
	Style  template.CSS
	Script template.JS
	Policy string
}

// assets reads those of the given names. The scripts share one scope, which is closed to the page's text.
func assets(styles, scripts []string) (htmlAssets, error) {
	style, err := joined(styles)
	if err != nil {
		return htmlAssets{}, err
	}
	script, err := joined(scripts)
	if err != nil {
		return htmlAssets{}, err
	}
	policy := []string{"default-src 'none'", "img-src data:", "base-uri 'none'", "form-action 'none'", "style-src " + hashed(style)}
	if script != "" {
		script = "(() => {\n\"use strict\";\n" + script + "})();\n"
		policy = append(policy, "script-src "+hashed(script))
	}
	return htmlAssets{template.CSS(style), template.JS(script), strings.Join(policy, "; ")}, nil
}

func joined(names []string) (string, error) {
	var b strings.Builder
	for _, name := range names {
		content, err := htmlFiles.ReadFile("page/" + name)
		if err != nil {
			return "", err
		}
		b.Write(content)
	}
	return b.String(), nil
}

// hashed is how a policy names a text that stands in the page.
func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
