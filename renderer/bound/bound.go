// Package bound stops templates that never end or use too much memory before they take down the process.
package bound

import (
	"fmt"
	"strings"
	"text/template"
	"text/template/parse"
	"time"
)

// LimitError says that a template was stopped; the caller adds which chart it belongs to.
type LimitError struct{ what string }

func (e *LimitError) Error() string { return "a template " + e.what }

// The reasons for stopping a template.
var (
	ErrTooLong  = &LimitError{"does not come to an end in time"}
	ErrTooMuch  = &LimitError{"writes more text than a render may"}
	errTooLarge = &LimitError{fmt.Sprintf("makes a text or a list that is larger than %d MiB or %d elements", maxText>>20, maxElements)}
)

// Writer collects what a template writes and stops the template at the limits. Several writers of a render share one
// budget.
type Writer struct {
	strings.Builder
	Budget *Budget
	writes int
}

// Budget is how much a render may still write, and until when; a zero Deadline means no deadline.
type Budget struct {
	Deadline time.Time
	Left     int
}

func (w *Writer) Write(p []byte) (int, error) {
	if w.Budget.Left -= len(p); w.Budget.Left < 0 {
		return 0, ErrTooMuch
	}
	if w.writes++; w.writes%256 == 0 && !w.Budget.Deadline.IsZero() && time.Now().After(w.Budget.Deadline) {
		return 0, ErrTooLong
	}
	return w.Builder.Write(p)
}

// Interruptible makes every template of a set, and every round of its loops, write an empty text first. Otherwise a loop
// that writes nothing would never reach its Writer.
func Interruptible(set *template.Template) {
	for _, t := range set.Templates() {
		if t.Tree != nil && t.Tree.Root != nil {
			interrupt(t.Tree.Root)
			mark(t.Tree.Root)
		}
	}
}

func interrupt(list *parse.ListNode) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.RangeNode:
			interrupt(n.List)
			interrupt(n.ElseList)
			mark(n.List)
		case *parse.IfNode:
			interrupt(n.List)
			interrupt(n.ElseList)
		case *parse.WithNode:
			interrupt(n.List)
			interrupt(n.ElseList)
		}
	}
}

func mark(list *parse.ListNode) {
	if len(list.Nodes) > 0 {
		if text, ok := list.Nodes[0].(*parse.TextNode); ok && len(text.Text) == 0 {
			return
		}
	}
	empty := &parse.TextNode{NodeType: parse.NodeText, Pos: list.Pos}
	list.Nodes = append([]parse.Node{empty}, list.Nodes...)
}
