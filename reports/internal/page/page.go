// Package page is what the pages for people share: their colours, how they begin, and the policy that lets nothing run in them
// but their own script.
//
// It must not know what is on a page.
package page

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io/fs"
	"strings"
)

//go:embed colours.css head.html
var shared embed.FS

// Assets are the style and the script of a page, which stand in it, and the policy that allows them alone.
type Assets struct {
	Style  template.CSS
	Script template.JS
	Policy string
}

// NewAssets reads the named styles and scripts of a page, after the colours of all pages. The scripts share one scope, which is
// closed to the page's text.
func NewAssets(files fs.FS, styles, scripts []string) (Assets, error) {
	colours, err := shared.ReadFile("colours.css")
	if err != nil {
		return Assets{}, err
	}
	style, err := joined(files, styles)
	if err != nil {
		return Assets{}, err
	}
	style = string(colours) + style
	script, err := joined(files, scripts)
	if err != nil {
		return Assets{}, err
	}
	policy := []string{"default-src 'none'", "img-src data:", "base-uri 'none'", "form-action 'none'", "style-src " + hashed(style)}
	if script != "" {
		script = "(() => {\n\"use strict\";\n" + script + "})();\n"
		policy = append(policy, "script-src "+hashed(script))
	}
	return Assets{template.CSS(style), template.JS(script), strings.Join(policy, "; ")}, nil
}

// Template reads the template of a page; {{template "beginning" .}} is how all pages begin.
func Template(files fs.FS, patterns ...string) (*template.Template, error) {
	page, err := template.ParseFS(shared, "head.html")
	if err != nil {
		return nil, err
	}
	return page.ParseFS(files, patterns...)
}

func joined(files fs.FS, names []string) (string, error) {
	var b strings.Builder
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
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
