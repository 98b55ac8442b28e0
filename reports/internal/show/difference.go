package show

import "slices"

// Differing tells which entries of a and of b have no counterpart in the other, by the shortest way to turn one into
// the other (E. W. Myers, "An O(ND) Difference Algorithm"). Where that way has more than most steps nothing is reported:
// two texts so different have no differing part, and the search for one would take long.
func Differing(a, b []string, most int) (inA, inB []bool, found bool) {
	inA, inB = make([]bool, len(a)), make([]bool, len(b))
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	endA, endB := len(a), len(b)
	for endA > start && endB > start && a[endA-1] == b[endB-1] {
		endA--
		endB--
	}
	trail, found := shortest(a[start:endA], b[start:endB], most)
	if !found {
		return nil, nil, false
	}
	x, y := endA-start, endB-start
	for step := len(trail) - 1; step > 0; step-- {
		before := trail[step-1]
		k := x - y
		down := k == -step || k != step && before.at(k-1) < before.at(k+1)
		if down {
			x = before.at(k + 1)
			y = x - k - 1
			inB[start+y] = true
		} else {
			x = before.at(k - 1)
			y = x - k + 1
			inA[start+x] = true
		}
	}
	return inA, inB, true
}

// reach is how far into a the ways of a number of steps come, by diagonal: from -steps to steps.
type reach []int

func (r reach) at(diagonal int) int { return r[diagonal+len(r)/2] }

// shortest searches with more and more steps, and returns how far each number of them came.
func shortest(a, b []string, most int) (trail []reach, found bool) {
	far := make(reach, 2*most+3) // of the steps so far, by diagonal
	middle := most + 1
	for step := 0; step <= most; step++ {
		for k := -step; k <= step; k += 2 {
			x := 0
			switch {
			case step == 0:
			case k == -step || k != step && far[middle+k-1] < far[middle+k+1]:
				x = far[middle+k+1]
			default:
				x = far[middle+k-1] + 1
			}
			y := x - k
			for x < len(a) && y < len(b) && a[x] == b[y] {
				x++
				y++
			}
			far[middle+k] = x
			if x >= len(a) && y >= len(b) {
				return append(trail, slices.Clone(far[middle-step:middle+step+1])), true
			}
		}
		trail = append(trail, slices.Clone(far[middle-step:middle+step+1]))
	}
	return nil, false
}
