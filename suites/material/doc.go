// Package material makes the values that specs ask with, worked out from the drives that are there: samples of drives,
// filter terms that some drives match and some don't, and hostile inputs. The same seed makes the same values.
//
// It must not know requirements, and nothing of requests beyond how a value is escaped.
package material
