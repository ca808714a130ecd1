package chart

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"text/template"
	"time"
)

// durationFunctions are Helm's conversions of durations. What is no duration counts as none, except for mustToDuration.
var durationFunctions = template.FuncMap{
	"mustToDuration":       toDuration,
	"durationNanoseconds":  func(v any) int64 { return orNone(v).Nanoseconds() },
	"durationMicroseconds": func(v any) int64 { return orNone(v).Microseconds() },
	"durationMilliseconds": func(v any) int64 { return orNone(v).Milliseconds() },
	"durationSeconds":      func(v any) float64 { return orNone(v).Seconds() },
	"durationMinutes":      func(v any) float64 { return orNone(v).Minutes() },
	"durationHours":        func(v any) float64 { return orNone(v).Hours() },
	"durationDays":         func(v any) float64 { return orNone(v).Hours() / 24 },
	"durationWeeks":        func(v any) float64 { return orNone(v).Hours() / 24 / 7 },
	"durationRoundTo":      func(v, unit any) time.Duration { return inUnits(v, unit, time.Duration.Round) },
	"durationTruncateTo":   func(v, unit any) time.Duration { return inUnits(v, unit, time.Duration.Truncate) },
}

func orNone(v any) time.Duration {
	d, _ := toDuration(v)
	return d
}

// inUnits leaves a duration as it is where the unit is none.
func inUnits(v, unit any, cut func(time.Duration, time.Duration) time.Duration) time.Duration {
	d, err := toDuration(v)
	if err != nil {
		return 0
	}
	if u, err := toDuration(unit); err == nil {
		return cut(d, u)
	}
	return d
}

// toDuration reads a text such as `1h30m`; a number, or a text that is one, is seconds.
func toDuration(v any) (time.Duration, error) {
	switch x := v.(type) {
	case nil:
		return 0, errors.New("invalid duration")
	case time.Duration:
		return x, nil
	case string:
		text := strings.TrimSpace(x)
		if text == "" {
			return 0, errors.New("empty duration")
		}
		if d, err := time.ParseDuration(text); err == nil {
			return d, nil
		}
		if seconds, err := strconv.ParseFloat(text, 64); err == nil {
			return fromSeconds(seconds)
		}
		return 0, fmt.Errorf("could not parse duration %q", x)
	}
	const most = int64(math.MaxInt64 / time.Second)
	number := reflect.ValueOf(v)
	switch {
	case number.CanInt():
		if seconds := number.Int(); seconds >= -most && seconds <= most {
			return time.Duration(seconds) * time.Second, nil
		}
	case number.CanUint():
		if seconds := number.Uint(); seconds <= uint64(most) {
			return time.Duration(seconds) * time.Second, nil
		}
	case number.CanFloat():
		return fromSeconds(number.Float())
	default:
		return 0, fmt.Errorf("unsupported duration type %T", v)
	}
	return 0, fmt.Errorf("duration seconds overflow: %d", v)
}

func fromSeconds(seconds float64) (time.Duration, error) {
	nanoseconds := seconds * float64(time.Second)
	switch {
	case math.IsNaN(seconds) || math.IsInf(seconds, 0):
		return 0, fmt.Errorf("invalid duration seconds: %v", seconds)
	case math.Abs(nanoseconds) > math.MaxInt64:
		return 0, fmt.Errorf("duration seconds overflow: %v", seconds)
	}
	return time.Duration(nanoseconds), nil
}
