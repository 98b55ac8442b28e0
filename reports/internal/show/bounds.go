package show

// The bounds of what is reported of one result: an endpoint that is wrong in everything must not make files that no viewer
// opens.
const (
	MostFindings  = 50       // findings reported one by one
	MostExchanges = 5        // answers shown with headers and body
	MostBody      = 4 << 10  // bytes of a shown body
	MostShownBody = 20 << 10 // bytes of a body that is shown whole, where there is room for one
	MostValue     = 8 << 10  // bytes of an expected or found value, where values are whole
)

// The bounds of texts, in characters.
const (
	MostName      = 100 // of an endpoint's name, or of a selection
	MostSentence  = 300
	MostLines     = 20 // of warnings and the like
	MostShortCurl = 2 << 10
	MostWidth     = 120 // of remarks that stand beside a text, and of lines of progress
)
