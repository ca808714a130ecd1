package chart

import (
	"errors"
	"fmt"
	"strings"

	"onebranch.dev/renderer/bound"
)

// parseError keeps the place and the last part of a parse error, in Helm's wording.
func parseError(name string, err error) error {
	tokens := strings.Split(err.Error(), ": ")
	if len(tokens) == 1 {
		return fmt.Errorf("parse error in (%s): %w", name, err)
	}
	return fmt.Errorf("parse error at (%s): %s", tokens[1], tokens[len(tokens)-1])
}

// saidError carries the message of `required` and `fail`, which is shown without anything added.
type saidError struct{ message string }

func (e *saidError) Error() string { return e.message }

// executionError returns the place and the reason of a template's failure.
func executionError(name string, err error) error {
	location := name
	if tokens := strings.SplitN(err.Error(), ": ", 3); len(tokens) == 3 && tokens[0] == "template" {
		location = tokens[1]
	}
	var said *saidError
	if errors.As(err, &said) {
		return fmt.Errorf("execution error at (%s): %s", location, said.message)
	}
	var limit *bound.LimitError
	if errors.As(err, &limit) {
		return limit
	}
	return err
}
