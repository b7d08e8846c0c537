// Every program of a Kubernetes release in one binary: the name that it is started by says which one it is. Most of what they
// consist of is the same, so that one link and one file do for all.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	_ "time/tzdata"

	"github.com/spf13/cobra"
	_ "k8s.io/client-go/plugin/pkg/client/auth"
	"k8s.io/component-base/cli"
	"k8s.io/component-base/logs"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	"k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	hollownode "k8s.io/kubernetes/cmd/kubemark/app"
)

// Only the one that is asked for is constructed: each has feature gates of its own in the same global registry.
var commands = map[string]func() *cobra.Command{
	"kube-apiserver":          apiserver.NewAPIServerCommand,
	"kube-controller-manager": controllermanager.NewControllerManagerCommand,
	"kube-scheduler":          func() *cobra.Command { return scheduler.NewSchedulerCommand() },
	"hollow-node":             hollownode.NewHollowNodeCommand,
}

func main() {
	name := filepath.Base(os.Args[0])
	if name == "kubectl" {
		kubectl()
		return
	}
	construct, known := commands[name]
	if !known {
		fmt.Fprintf(os.Stderr, "%s is none of the programs in this binary: start it as kube-apiserver, kube-controller-manager, "+
			"kube-scheduler, hollow-node or kubectl.\n", name)
		os.Exit(2)
	}
	os.Exit(cli.Run(construct()))
}

// It has an exit code and a way of telling errors of its own.
func kubectl() {
	logs.GlogSetter(cmd.GetLogVerbosity(os.Args))
	if err := cli.RunNoErrOutput(cmd.NewDefaultKubectlCommand()); err != nil {
		util.CheckErr(err)
	}
}
