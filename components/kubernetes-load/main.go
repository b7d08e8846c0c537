// The load of tests and demo: a client with ordinary client-go retries and nothing above them, which proves that a cluster
// served everything and lost nothing while it was lifted.
//
// Four workers with connections of their own read and write; a watch checks that each object arrives once. It runs until
// SIGTERM, then reads everything back and writes a report. It does not know what happens to the cluster meanwhile.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

const workerCount = 4

type options struct {
	kubeconfig string
	namespace  string
	report     string
	rate       float64
	seconds    int
}

func main() {
	given, err := readOptions(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	// Bounded, because whoever was to end it may have died.
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(given.seconds)*time.Second)
	defer cancel()
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	report, err := run(ctx, given)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if err := writeReport(given.report, report); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if !report.clean() {
		os.Exit(1)
	}
}

func readOptions(args []string) (options, error) {
	var given options
	flags := flag.NewFlagSet("kubernetes-load", flag.ContinueOnError)
	flags.StringVar(&given.kubeconfig, "kubeconfig", "", "kubeconfig `file` of the cluster")
	flags.StringVar(&given.namespace, "namespace", "", "namespace to work in; it is made when it is missing")
	flags.StringVar(&given.report, "report", "", "`file` for the report")
	flags.Float64Var(&given.rate, "rate", 30, "requests a second")
	flags.IntVar(&given.seconds, "seconds", 3600, "ends by itself after this many seconds")
	if err := flags.Parse(args); err != nil {
		return given, err
	}
	switch {
	case given.kubeconfig == "" || given.namespace == "" || given.report == "":
		return given, fmt.Errorf("--kubeconfig, --namespace and --report are needed")
	case given.rate <= 0 || given.rate > 1000:
		return given, fmt.Errorf("--rate must be above 0 and at most 1000")
	case given.seconds <= 0:
		return given, fmt.Errorf("--seconds must be above 0")
	}
	return given, nil
}

func run(ctx context.Context, given options) (*report, error) {
	runID := fmt.Sprintf("%x", time.Now().UnixNano()/1_000_000&0xffffffffff)
	tally := newTally(time.Now())
	setup, err := connect(given.kubeconfig, nil)
	if err != nil {
		return nil, err
	}
	if err := makeNamespace(ctx, setup, given.namespace); err != nil {
		return nil, err
	}
	watch := newWatcher(setup, given.namespace, runID)
	if err := watch.list(ctx); err != nil {
		return nil, fmt.Errorf("the first listing: %w", err)
	}
	// The watch outlives the workers: it has to see what they made last.
	watchCtx, endWatch := context.WithCancel(context.Background())
	defer endWatch()
	go watch.follow(watchCtx)

	workers := make([]*worker, workerCount)
	for i := range workers {
		client, err := connect(given.kubeconfig, tally)
		if err != nil {
			return nil, err
		}
		workers[i] = newWorker(client, given.namespace, runID, i, tally)
		if err := workers[i].makeLease(ctx); err != nil {
			return nil, err
		}
	}
	tally.begin(time.Now())
	var working sync.WaitGroup
	for _, one := range workers {
		working.Go(func() { one.work(ctx, given.rate/workerCount) })
	}
	finished := make(chan struct{})
	go func() { working.Wait(); close(finished) }()
	tellProgress(tally, finished)
	tally.end(time.Now())

	written := mergeWritten(workers)
	watch.waitFor(written.certain())
	missed, duplicated := watch.verdict(written.certain())
	objects := readBack(setup, given.namespace, runID, written, tally)
	result := tally.report()
	result.Watch = watchReport{Reopened: watch.reopenings(), Relisted: watch.relistings(), Missed: missed, Duplicated: duplicated}
	result.Objects = objects
	return result, nil
}

// One line a second: counts since the beginning, the latency of the last second.
func tellProgress(tally *tally, finished <-chan struct{}) {
	lines := json.NewEncoder(os.Stdout)
	second := time.NewTicker(time.Second)
	defer second.Stop()
	for {
		select {
		case <-finished:
			return
		case now := <-second.C:
			_ = lines.Encode(tally.progress(now))
		}
	}
}
