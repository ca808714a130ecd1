// Upstream builds with these: a repository's archive must not reach out of the directory it is unpacked in.
//
//go:debug tarinsecurepath=0
//go:debug zipinsecurepath=0

// Command argocd is every process of Argo CD, its command line, the redis it needs and the tools it renders with, in one
// binary. The name it is called by, or else the first argument, says which one to be; a name it does not know is a
// subcommand of `argocd`.
package main

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"

	controller "github.com/argoproj/argo-cd/v3/cmd/argocd-application-controller/commands"
	applicationset "github.com/argoproj/argo-cd/v3/cmd/argocd-applicationset-controller/commands"
	cmpserver "github.com/argoproj/argo-cd/v3/cmd/argocd-cmp-server/commands"
	commitserver "github.com/argoproj/argo-cd/v3/cmd/argocd-commit-server/commands"
	dex "github.com/argoproj/argo-cd/v3/cmd/argocd-dex/commands"
	gitaskpass "github.com/argoproj/argo-cd/v3/cmd/argocd-git-ask-pass/commands"
	k8sauth "github.com/argoproj/argo-cd/v3/cmd/argocd-k8s-auth/commands"
	notification "github.com/argoproj/argo-cd/v3/cmd/argocd-notification/commands"
	reposerver "github.com/argoproj/argo-cd/v3/cmd/argocd-repo-server/commands"
	apiserver "github.com/argoproj/argo-cd/v3/cmd/argocd-server/commands"
	cli "github.com/argoproj/argo-cd/v3/cmd/argocd/commands"
	"github.com/argoproj/argo-cd/v3/util/log"
	"github.com/spf13/cobra"
	"k8s.io/klog/v2"
	"onebranch.dev/toolchain/argocd/redis"
	"onebranch.dev/toolchain/process"
)

// A program is one of the commands. Servers claim their pid file first; what a person or a server calls does not.
type program struct {
	server  bool
	command func() *cobra.Command
}

var programs = map[string]program{
	"argocd":                           {command: cli.NewCommand},
	"argocd-application-controller":    {server: true, command: controller.NewCommand},
	"argocd-applicationset-controller": {server: true, command: applicationset.NewCommand},
	"argocd-commit-server":             {server: true, command: commitserver.NewCommand},
	"argocd-notifications":             {server: true, command: notification.NewCommand},
	"argocd-repo-server":               {server: true, command: reposerver.NewCommand},
	"argocd-server":                    {server: true, command: apiserver.NewCommand},
	"argocd-cmp-server":                {command: cmpserver.NewCommand},
	"argocd-dex":                       {command: dex.NewCommand},
	"argocd-git-ask-pass":              {command: gitaskpass.NewCommand},
	"argocd-k8s-auth":                  {command: k8sauth.NewCommand},
	"onebranch-redis":                  {server: true, command: redis.NewCommand},
	"redis":                            {server: true, command: redis.NewCommand},
}

func main() {
	if run, ok := tools[filepath.Base(os.Args[0])]; ok {
		os.Exit(run())
	}
	// Packages that Argo CD uses put pages for debugging into the default mux when they are loaded, and repo-server serves it
	// beside its metrics, to any user of the machine: command line, heap, CPU profile, traces of requests.
	http.DefaultServeMux = http.NewServeMux()
	klog.SetLogger(log.NewLogrusLogger(log.NewWithCurrentConfig()))

	chosen := choose()
	if chosen.server {
		process.Claim()
	}
	command := chosen.command()
	// Usage is for a person who asks; in a server's log it would bury the one line that says what is wrong.
	command.SilenceUsage = true
	command.SilenceErrors = !chosen.server
	if err := command.Execute(); err != nil {
		if chosen.server {
			os.Exit(1)
		}
		os.Exit(failed(err))
	}
}

// choose also takes the chosen name out of the arguments, where it stood there. repo-server calls its helpers through
// ARGOCD_BINARY_NAME and the path of its own binary, so that name goes first.
func choose() program {
	if chosen, ok := programs[os.Getenv("ARGOCD_BINARY_NAME")]; ok {
		return chosen
	}
	if base := filepath.Base(os.Args[0]); base != "argocd" {
		if chosen, ok := programs[base]; ok {
			return chosen
		}
	}
	if len(os.Args) > 1 {
		if chosen, ok := programs[os.Args[1]]; ok {
			os.Args = os.Args[1:]
			return chosen
		}
	}
	return programs["argocd"]
}

// failed prints the error, or runs `argocd-NAME` for an unknown subcommand NAME, as argocd's own main does, and gives
// the exit code.
func failed(err error) int {
	message, err := cli.NewDefaultPluginHandler().HandleCommandExecutionError(err, true, os.Args)
	if err == nil {
		return 0
	}
	os.Stdout.WriteString(message)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return 1
}
