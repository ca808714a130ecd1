package password

import (
	"strings"
	"testing"
)

func everything(length int) Wish {
	return Wish{Lower: true, Number: true, Special: true, Upper: true, Length: length, Specials: Specials}
}

func count(text, characters string) int {
	n := 0
	for _, c := range text {
		if strings.ContainsRune(characters, c) {
			n++
		}
	}
	return n
}

func TestMakesWhatIsWished(t *testing.T) {
	only := Wish{Lower: true, Number: true, Length: 40, MinNumber: 30, Specials: Specials}
	minima := everything(20)
	minima.MinLower, minima.MinNumber, minima.MinSpecial, minima.MinUpper = 5, 5, 5, 5
	own := Wish{Special: true, Length: 30, MinSpecial: 30, Specials: "_-"}
	for range 200 {
		password, err := only.Make()
		if err != nil || len(password) != 40 || count(password, lowers+numbers) != 40 || count(password, numbers) < 30 {
			t.Fatalf("%q, %v", password, err)
		}
		password, err = minima.Make()
		for _, kind := range []string{lowers, numbers, Specials, uppers} {
			if err != nil || count(password, kind) != 5 {
				t.Fatalf("%q, %v", password, err)
			}
		}
		password, err = own.Make()
		if err != nil || count(password, "_-") != 30 {
			t.Fatalf("%q, %v", password, err)
		}
	}
}

func TestNoTwoAreEqualAndNoPlaceIsFixed(t *testing.T) {
	wish := everything(32)
	wish.MinNumber = 1
	seen := map[string]bool{}
	numberFirst := 0
	for range 300 {
		password, err := wish.Make()
		if err != nil {
			t.Fatal(err)
		}
		seen[password] = true
		numberFirst += count(password[:1], numbers)
	}
	if len(seen) != 300 {
		t.Errorf("%d of 300 differ", len(seen))
	}
	if numberFirst > 150 {
		t.Errorf("%d of 300 begin with a number", numberFirst)
	}
}

func TestSaysWhyThereIsNone(t *testing.T) {
	tooMany := everything(3)
	tooMany.MinLower, tooMany.MinUpper = 2, 2
	for want, wish := range map[string]Wish{
		"length must be at least 1":                    everything(0),
		"length is less than the characters asked for": tooMany,
		"no characters are allowed":                    {Length: 5},
	} {
		if password, err := wish.Make(); err == nil || err.Error() != want {
			t.Errorf("%q, %v, want %s", password, err, want)
		}
	}
}
