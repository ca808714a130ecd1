package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

func TestRefusesWithoutPassword(t *testing.T) {
	err := serveRedis(context.Background(), "127.0.0.1:0", "")
	if err == nil || err.Error() != "redis does not start without a password: set REDIS_PASSWORD" {
		t.Fatalf("got %v", err)
	}
}

func TestRefusesOtherAddresses(t *testing.T) {
	for _, address := range []string{"0.0.0.0:1", ":1", "10.0.0.1:1", "localhost:1", "nonsense"} {
		if err := loopback(address); err == nil {
			t.Errorf("%s was let through", address)
		}
	}
	for _, address := range []string{"127.0.0.1:1", "[::1]:1"} {
		if err := loopback(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestWantsThePasswordAndExpiresKeys(t *testing.T) {
	address := freeAddress(t)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- serveRedis(ctx, address, "secret") }()

	connection := dial(t, address)
	expect := func(command, want string) {
		t.Helper()
		fmt.Fprintf(connection, "%s\r\n", encode(command))
		line, err := bufio.NewReader(connection).ReadString('\n')
		if err != nil || !strings.HasPrefix(line, want) {
			t.Fatalf("%s: got %q, %v; want %q", command, line, err, want)
		}
	}
	expect("GET key", "-NOAUTH")
	expect("AUTH wrong", "-WRONGPASS")
	expect("AUTH secret", "+OK")
	expect("SET key value EX 1", "+OK")
	expect("EXISTS key", ":1")
	time.Sleep(2*expiryTick + 300*time.Millisecond)
	expect("EXISTS key", ":0")

	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func encode(command string) string {
	words := strings.Fields(command)
	out := fmt.Sprintf("*%d", len(words))
	for _, word := range words {
		out += fmt.Sprintf("\r\n$%d\r\n%s", len(word), word)
	}
	return out
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	for range 100 {
		if connection, err := net.Dial("tcp", address); err == nil {
			return connection
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("nothing listens on %s", address)
	return nil
}
