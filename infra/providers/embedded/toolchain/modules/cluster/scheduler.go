package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"onebranch.dev/toolchain/cluster/scheduler"
)

// schedule is what takes the place of kube-scheduler.
func schedule() int {
	flags := flag.NewFlagSet("onebranch-scheduler", flag.ExitOnError)
	kubeconfig := flags.String("kubeconfig", "", "the file with the login to the API server")
	_ = flags.Parse(os.Args[1:])
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err == nil {
		config.QPS, config.Burst = 500, 1000
		var client kubernetes.Interface
		if client, err = kubernetes.NewForConfig(config); err == nil {
			err = scheduler.Run(ctx, client)
		}
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "onebranch-scheduler: %v\n", err)
		return 1
	}
	return 0
}
