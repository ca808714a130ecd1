// Package password makes passwords as Pulumi's random provider does.
package password

import (
	"crypto/rand"
	"errors"
	"math/big"
	"strings"
)

const (
	lowers  = "abcdefghijklmnopqrstuvwxyz"
	uppers  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	numbers = "0123456789"
	// Specials are the special characters where none are named.
	Specials = "!@#$%&*()-_=+[]{}<>:?"
)

// Wish says what a password is to be like: which characters it may have, how many it has, and how many of each kind at least.
type Wish struct {
	Lower, Number, Special, Upper                     bool
	Length, MinLower, MinNumber, MinSpecial, MinUpper int
	Specials                                          string
}

// Check says why no password can be like that.
func (w Wish) Check() error {
	switch {
	case w.Length < 1:
		return errors.New("length must be at least 1")
	case w.Length < w.MinLower+w.MinNumber+w.MinSpecial+w.MinUpper:
		return errors.New("length is less than the characters asked for")
	case w.allowed() == "":
		return errors.New("no characters are allowed")
	}
	return nil
}

func (w Wish) allowed() string {
	var all strings.Builder
	for _, kind := range []struct {
		allowed    bool
		characters string
	}{{w.Upper, uppers}, {w.Lower, lowers}, {w.Number, numbers}, {w.Special, w.Specials}} {
		if kind.allowed {
			all.WriteString(kind.characters)
		}
	}
	return all.String()
}

// Make makes one.
func (w Wish) Make() (string, error) {
	if err := w.Check(); err != nil {
		return "", err
	}
	var result []byte
	add := func(characters string, count int) error {
		for range count {
			i, err := below(len(characters))
			if err != nil {
				return err
			}
			result = append(result, characters[i])
		}
		return nil
	}
	err := errors.Join(add(lowers, w.MinLower), add(numbers, w.MinNumber), add(w.Specials, w.MinSpecial), add(uppers, w.MinUpper))
	if err == nil {
		err = add(w.allowed(), w.Length-len(result))
	}
	if err != nil {
		return "", err
	}
	// The characters asked for must not all stand first.
	for i := len(result) - 1; i > 0; i-- {
		j, err := below(i + 1)
		if err != nil {
			return "", err
		}
		result[i], result[j] = result[j], result[i]
	}
	return string(result), nil
}

func below(limit int) (int, error) {
	i, err := rand.Int(rand.Reader, big.NewInt(int64(limit)))
	if err != nil {
		return 0, err
	}
	return int(i.Int64()), nil
}
