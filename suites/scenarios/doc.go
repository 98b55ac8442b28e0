// Package scenarios has the sequences of writes by which a run learns what reading alone does not show. They run side by
// side, each in named steps, and share the few clones that they make. What a sequence could do to the library is looked
// at after each step that could do it.
//
// It must not know requirements and verdicts: it writes and looks, and never judges.
package scenarios
