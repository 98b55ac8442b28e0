package schema

import (
	"fmt"

	"github.com/xeipuuv/gojsonreference"
	"github.com/xeipuuv/gojsonschema"
)

// base is what every $id starts with. It only identifies: nothing is ever fetched from it.
const base = "https://github.com/libdrives/conformance/schema/"

// offline refers to a schema by its $id among those already loaded, and loads nothing. Left to itself, gojsonschema
// would fetch whatever a $ref names that it does not know, from the network or from a file.
type offline struct{ reference string }

// JsonSource is the reference, which is all there is.
func (o offline) JsonSource() any { return o.reference }

// JsonReference names the schema to take from those loaded.
func (o offline) JsonReference() (gojsonreference.JsonReference, error) {
	return gojsonreference.NewJsonReference(o.reference)
}

// LoadJSON is asked only for what is not among the embedded schemas, and refuses.
func (o offline) LoadJSON() (any, error) {
	return nil, fmt.Errorf("%s is not among the embedded schemas, and nothing is fetched", o.reference)
}

// LoaderFactory keeps every further reference offline too.
func (o offline) LoaderFactory() gojsonschema.JSONLoaderFactory { return o }

// New is how gojsonschema asks for a reference that it does not know.
func (o offline) New(reference string) gojsonschema.JSONLoader { return offline{reference} }
