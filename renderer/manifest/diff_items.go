package manifest

import (
	"encoding/json"
	"strconv"
)

// maxAligned bounds the work of comparing two lists item by item: the product of their lengths.
const maxAligned = 1 << 20

// diffItems compares lists whose items have no names. Between the items that both have, items are compared in their order, and
// what is left over was added or removed. An item has the index that it has in the longer list.
func diffItems(path string, from, to []any, out *[]Change) {
	at := func(i, j int) string {
		if len(from) <= len(to) {
			i = j
		}
		return path + "[" + strconv.Itoa(i) + "]"
	}
	i, j := 0, 0
	// upTo compares what stands before the next item that both have.
	upTo := func(nextI, nextJ int) {
		for ; i < nextI && j < nextJ; i, j = i+1, j+1 {
			diff(at(i, j), from[i], to[j], out)
		}
		for ; i < nextI; i++ {
			*out = append(*out, Change{Path: path + "[" + strconv.Itoa(i) + "]", From: &from[i]})
		}
		for ; j < nextJ; j++ {
			*out = append(*out, Change{Path: path + "[" + strconv.Itoa(j) + "]", To: &to[j]})
		}
	}
	for _, both := range common(encodedItems(from), encodedItems(to)) {
		upTo(both[0], both[1])
		i, j = i+1, j+1
	}
	upTo(len(from), len(to))
}

// common returns the places of the longest run of items, in order, that two lists share.
func common(a, b []string) [][2]int {
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	var out [][2]int
	for i := range start {
		out = append(out, [2]int{i, i})
	}
	for _, both := range longestCommon(a[start:len(a)-end], b[start:len(b)-end]) {
		out = append(out, [2]int{both[0] + start, both[1] + start})
	}
	for i := range end {
		out = append(out, [2]int{len(a) - end + i, len(b) - end + i})
	}
	return out
}

func longestCommon(a, b []string) [][2]int {
	if len(a)*len(b) > maxAligned {
		return nil
	}
	// length[i][j] is how many items a[i:] and b[j:] share.
	length := make([][]int32, len(a)+1)
	for i := range length {
		length[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

func encodedItems(list []any) []string {
	out := make([]string, len(list))
	for i, item := range list {
		// Manifests were read from YAML or JSON, so that they can be written.
		text, _ := json.Marshal(item)
		out[i] = string(text)
	}
	return out
}
