// Package judge is what a spec looks at and how it says what it expects: the Library as the record of a run shows it, its
// Answers, Lists and Scenarios, Expect, and the matchers. An Evaluator runs the bodies of a Suite over the record: to learn
// which reads they want, and to come to their verdicts.
//
// It must not know how requests are sent, Ginkgo's runner, or which requirements there are beyond the ids that say by
// which of them an answer is judged.
package judge
