package material

import "strings"

// wants is what a library has to have for a wrong way to filter to be told, by how the way's name begins. A % stands for the
// filter's field.
var wants = [...]struct{ way, lacks, opens string }{
	{"the value begins a word", "no word of a % goes on after what another word is", "a % with a word that begins as another word"},
	{"the value begins", "no % begins another", "two drives of which the % of one begins that of the other"},
	{"the value ends", "no % ends another", "two drives of which the % of one ends that of the other"},
	{"the value stands in", "no % stands in another", "two drives of which the % of one stands in that of the other"},
	{"what is found stands in the value", "no % stands in another", "two drives of which the % of one stands in that of the other"},
	{"the value is a word", "no % is a word of another", "two drives of which the % of one is a word of that of the other"},
	{"the value is all", "no part of a % can be searched for", "drives whose % has several words"},
	{"the first word alone", "no two drives have a % that begins with one word", "two drives whose % begins with the same word"},
	{"case is", "no % has letters in two cases", "two drives whose % differs in case alone"},
	{"only the first letter", "no % has capitals within", "a % with capitals within a word"},
	{"the value is in small letters", "no % has capitals", "a % with capitals"},
	{"the name is in small letters", "no % has capitals", "a % with capitals"},
	{"white space", "no two drives have a % that differs in white space alone", "two drives whose % differs in white space alone"},
	{"no white space", "no two drives have a % that differs in white space alone", "two drives whose % differs in white space alone"},
	{"blanks at the end", "no value of % brings some drives and not others", "drives that differ in %"},
	{"numbers are compared", "no two drives have a % that is the same number in other figures", "drives whose % is 9 and 9.0"},
	{"letters beyond ASCII", "no two drives have a % that differs beyond ASCII alone", "two drives whose % differs beyond ASCII alone"},
	{"the first entry of a list", "no drive has several of %", "a drive with several of %"},
	{"what has no value", "every drive has a %", "a drive without a %"},
	{"values are split at blanks", "no two words stand side by side in one name and apart in others", "names of several words, some of them in other names"},
	{"values are split", "no % holds that character and a part that another is", "two drives of which the % of one is a part of that of the other, between such characters"},
	{"texts and values are cut", "no two drives have a % that is alike as far as that", "two drives whose % is alike as far as that, and goes on otherwise"},
	{"texts are cut", "no % is as long as that", "a % that is longer"},
	{"values are cut", "no % is as long as that", "a % that is longer"},
	{"names are cut", "no % is as long as that", "a % that is longer"},
	{"only the first", "the library has no more drives", "a library of more drives"},
	{"nothing is filtered", "every drive has the same %", "drives that differ in %"},
	{"the last that is found", "no value of % brings some drives and not others", "drives that differ in %"},
	{"the first value alone", "there are not three values of % that bring other drives each", "drives with three values of %"},
	{"the last value alone", "there are not three values of % that bring other drives each", "drives with three values of %"},
	{"the first two values", "there are not three values of % that bring other drives each", "drives with three values of %"},
	{"the last two values", "there are not three values of % that bring other drives each", "drives with three values of %"},
	{"the first and the last value", "there are not three values of % that bring other drives each", "drives with three values of %"},
	{"the values are one", "there are not three values of % that bring other drives each", "drives with three values of %"},
	{"several values are ANDed", "there are not three values of % that bring other drives each", "drives with three values of %"},
}

// wanting says what the library has none of, and what would tell the way from the right one.
func wanting(filter, way string) (lacks, opens string) {
	if filter == "three filters" {
		return "no three filters each leave drives out that the others bring", "drives that differ in os, arch and image_type each by itself"
	}
	for _, want := range wants {
		if strings.HasPrefix(way, want.way) {
			return want.lacks, want.opens
		}
	}
	return "no drives of this library tell it from the right way", ""
}
