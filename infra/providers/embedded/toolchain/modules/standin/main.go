// Command standin is the redis of an Argo CD whose other programs are release files: nobody publishes it as a file.
package main

import (
	"os"

	"onebranch.dev/toolchain/argocd/redis"
	"onebranch.dev/toolchain/process"
)

func main() {
	process.Claim()
	command := redis.NewCommand()
	command.SilenceUsage = true
	if err := command.Execute(); err != nil {
		os.Exit(1)
	}
}
