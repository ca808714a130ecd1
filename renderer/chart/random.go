package chart

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"text/template"
	"time"
)

// Functions that answer differently each time are replaced by ones whose answers depend only on a seed. A chart that
// called one is rendered a second time with another seed; whatever then differs cannot be known before a sync.

// unsteadySet has the names of the functions that `unsteady` replaces.
var unsteadySet = unsteady(&state{})

// certificate stands in for a generated certificate.
type certificate struct{ Cert, Key string }

// maxRandom bounds one random text.
const maxRandom = 1 << 20

const (
	letters  = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits   = "0123456789"
	alphabet = letters + digits
)

// unsteady returns the replacements; each one records its name in the state when it is used.
func unsteady(state *state) template.FuncMap {
	text := func(set string) func(int) (string, error) {
		return func(count int) (string, error) {
			if count > maxRandom {
				return "", fmt.Errorf("a random text of %d characters is too long to render", count)
			}
			out := make([]byte, max(count, 0))
			for i := range out {
				out[i] = set[state.random.IntN(len(set))]
			}
			return string(out), nil
		}
	}
	note := func(name string) string {
		state.used[name] = true
		return fmt.Sprintf("%016x", state.random.Uint64())
	}
	pem := func(name string) string {
		return fmt.Sprintf("-----BEGIN ONEBRANCH %s-----\n%s\n-----END ONEBRANCH %s-----\n", name, note(name), name)
	}
	cert := func(name string) func(...any) certificate {
		return func(...any) certificate { return certificate{pem(name), pem(name)} }
	}
	// The date of a given time is steady; the clock is used only when the argument is not a time.
	asked := func(name string, date any) any {
		if isTime(date) {
			return date
		}
		state.used[name] = true
		return state.clock
	}
	inZone := helmFunctions["dateInZone"].(func(string, any, string) string)
	functions := template.FuncMap{
		"now":  func() time.Time { state.used["now"] = true; return state.clock },
		"ago":  func(any) string { return note("ago") },
		"date": func(layout string, date any) string { return inZone(layout, asked("date", date), "Local") },
		"dateInZone": func(layout string, date any, zone string) string {
			return inZone(layout, asked("dateInZone", date), zone)
		},
		"date_in_zone": func(layout string, date any, zone string) string {
			return inZone(layout, asked("date_in_zone", date), zone)
		},
		"htmlDate": func(date any) string { return inZone("2006-01-02", asked("htmlDate", date), "Local") },
		"htmlDateInZone": func(date any, zone string) string {
			return inZone("2006-01-02", asked("htmlDateInZone", date), zone)
		},
		"randAlpha":    text(letters),
		"randAlphaNum": text(alphabet),
		"randAscii":    text(alphabet + "!#$%&()*+,-./:;<=>?@[]^_{|}~"),
		"randNumeric":  text(digits),
		"randBytes":    func(n int) (string, error) { return text(alphabet)(n) },
		"randInt":      func(low, high int) int { return low + state.random.IntN(max(high-low, 1)) },
		"uuidv4": func() string {
			return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", state.random.Uint32(), state.random.IntN(1<<16),
				state.random.IntN(1<<12), state.random.IntN(1<<12), state.random.Int64N(1<<48))
		},
		"shuffle": func(s string) string {
			runes := []rune(s)
			state.random.Shuffle(len(runes), func(i, j int) { runes[i], runes[j] = runes[j], runes[i] })
			return string(runes)
		},
		"bcrypt":                   func(...any) string { return note("bcrypt") },
		"htpasswd":                 func(user string, _ string) string { return user + ":" + note("htpasswd") },
		"encryptAES":               func(...any) string { return note("encryptAES") },
		"genPrivateKey":            func(...any) string { return pem("genPrivateKey") },
		"genCA":                    cert("genCA"),
		"genCAWithKey":             cert("genCAWithKey"),
		"genSelfSignedCert":        cert("genSelfSignedCert"),
		"genSelfSignedCertWithKey": cert("genSelfSignedCertWithKey"),
		"genSignedCert":            cert("genSignedCert"),
		"genSignedCertWithKey":     cert("genSignedCertWithKey"),
	}
	for name, function := range functions {
		if !strings.HasPrefix(name, "rand") && name != "uuidv4" && name != "shuffle" {
			continue
		}
		functions[name] = noting(state, name, function)
	}
	return functions
}

// noting wraps a function so that its use is recorded.
func noting(state *state, name string, function any) any {
	v := reflect.ValueOf(function)
	return reflect.MakeFunc(v.Type(), func(args []reflect.Value) []reflect.Value {
		state.used[name] = true
		return v.Call(args)
	}).Interface()
}

func isTime(v any) bool {
	switch v.(type) {
	case time.Time, *time.Time, int64, int, int32:
		return true
	default:
		return false
	}
}

func newRandom(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, seed^0x9e3779b97f4a7c15)) }

// clockOf returns the current time that a render with this seed sees.
func clockOf(seed uint64) time.Time {
	return time.Date(2020+int(seed%50), 3, 7, 11, 13, 17, 0, time.UTC)
}
