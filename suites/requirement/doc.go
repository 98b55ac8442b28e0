// Package requirement is the catalogue of what an endpoint is judged by: the requirements, each with the level at
// which the documentation states it, the effect that judging it has on an account, and the page and section that it
// comes from. It reads the catalogue, looks requirements up and selects them by name.
//
// It must not know HTTP, exchanges, verdicts or Ginkgo: a requirement is a sentence with an address.
package requirement
