package planner

import "sync"

// onceMap does the work for each key once, even when several goroutines ask for it at the same time. A content that was
// not sent does not count as a result: the work is repeated at the next request.
type onceMap[T any] struct {
	mu    sync.Mutex
	known map[string]func() (T, error)
	count int
}

func newOnceMap[T any]() *onceMap[T] { return &onceMap[T]{known: map[string]func() (T, error){}} }

func (m *onceMap[T]) get(key string, work func() (T, error)) (T, error) {
	m.mu.Lock()
	known := m.known[key]
	if known == nil {
		m.count++
		known = sync.OnceValues(work)
		m.known[key] = known
	}
	m.mu.Unlock()
	value, err := known()
	if _, missing := isMissing(err); missing {
		m.release(key)
	}
	return value, err
}

func (m *onceMap[T]) release(key string) {
	m.mu.Lock()
	delete(m.known, key)
	m.mu.Unlock()
}

// total counts how often work was started.
func (m *onceMap[T]) total() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.count
}
