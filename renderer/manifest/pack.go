package manifest

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"sigs.k8s.io/json"
)

var errPacked = errors.New("this is not a packed resource")

// Pack writes a resource in such a way that Unpack need not parse the manifest to identify it.
func (r *Resource) Pack() []byte {
	text := r.JSON()
	facts := []string{r.APIVersion, r.Kind, r.Namespace, r.Name, r.Source}
	length := len(text)
	for _, fact := range facts {
		length += len(fact) + binary.MaxVarintLen32
	}
	out := make([]byte, 0, length)
	for _, fact := range facts {
		out = append(binary.AppendUvarint(out, uint64(len(fact))), fact...)
	}
	return append(out, text...)
}

// Unpack reads a resource; its manifest is parsed only when it is needed.
func Unpack(data []byte) (*Resource, error) {
	r := &Resource{kept: true}
	for _, fact := range []*string{&r.APIVersion, &r.Kind, &r.Namespace, &r.Name, &r.Source} {
		length, size := binary.Uvarint(data)
		if size <= 0 || length > uint64(len(data)-size) {
			return nil, errPacked
		}
		*fact = string(data[size : size+int(length)])
		data = data[size+int(length):]
	}
	if len(data) == 0 || data[0] != '{' {
		return nil, errPacked
	}
	r.encoded = sync.OnceValues(func() (string, []byte) {
		sum := sha256.Sum256(data)
		return hex.EncodeToString(sum[:16]), data
	})
	r.object = sync.OnceValue(func() map[string]any {
		object := map[string]any{}
		// Whole numbers become int64, as in a manifest that was just rendered.
		if err := json.UnmarshalCaseSensitivePreserveInts(data, &object); err != nil {
			panic(fmt.Errorf("%s %s of the cache cannot be read: %w", r.Kind, r.Name, err))
		}
		return object
	})
	return r, nil
}
