package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/spf13/cobra"
)

// redisPasswordVariable is the name Argo CD's own processes read it by; a flag would show it in the process list.
const redisPasswordVariable = "REDIS_PASSWORD"

// expiryTick is how often the keys are aged. Argo CD's shortest expiry is counted in tens of seconds.
const expiryTick = time.Second

func newRedis() *cobra.Command {
	var address string
	command := &cobra.Command{
		Use:          "redis",
		Short:        "The cache of one Argo CD, in memory and on this machine only",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(command *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(command.Context(), syscall.SIGTERM, syscall.SIGINT)
			defer stop()
			return serveRedis(ctx, address, os.Getenv(redisPasswordVariable))
		},
	}
	command.SetContext(context.Background())
	command.Flags().StringVar(&address, "addr", "", "address to listen on, for example 127.0.0.1:6379")
	if err := command.MarkFlagRequired("addr"); err != nil {
		panic(err)
	}
	return command
}

func serveRedis(ctx context.Context, address, password string) error {
	if password == "" {
		return fmt.Errorf("redis does not start without a password: set %s", redisPasswordVariable)
	}
	if err := loopback(address); err != nil {
		return err
	}
	server := miniredis.NewMiniRedis()
	server.RequireAuth(password)
	if err := server.StartAddr(address); err != nil {
		return fmt.Errorf("redis cannot listen on %s: %w", address, err)
	}
	defer server.Close()
	fmt.Fprintf(os.Stderr, "redis listens on %s\n", server.Addr())
	age(ctx, server.FastForward)
	return nil
}

// age lets keys expire: miniredis leaves its clock to the caller. A tick may come late, so the elapsed time counts.
func age(ctx context.Context, forward func(time.Duration)) {
	ticker := time.NewTicker(expiryTick)
	defer ticker.Stop()
	last := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			now := time.Now()
			forward(now.Sub(last))
			last = now
		}
	}
}

func loopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("--addr %q is no address: write it as 127.0.0.1:PORT", address)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return errors.New("redis listens on loopback only: write --addr as 127.0.0.1:PORT")
	}
	return nil
}
