package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// What must be there at the end. A write that failed may have happened all the same: then either content is right.
type written struct {
	contents map[string][]string
	isSure   map[string]bool
}

func newWritten() *written {
	return &written{contents: map[string][]string{}, isSure: map[string]bool{}}
}

func (w *written) created(name, value string, sure bool) {
	w.contents[name] = []string{value}
	w.isSure[name] = sure
}

func (w *written) patched(name, value string, sure bool) {
	if sure {
		w.contents[name] = []string{value}
	} else {
		w.contents[name] = append(w.contents[name], value)
	}
}

func (w *written) allows(name, value string) bool { return slices.Contains(w.contents[name], value) }

// Names of objects whose creation was confirmed.
func (w *written) certain() []string {
	var names []string
	for name, sure := range w.isSure {
		if sure {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func mergeWritten(workers []*worker) *written {
	all := newWritten()
	for _, one := range workers {
		for name, contents := range one.written.contents {
			all.contents[name], all.isSure[name] = contents, one.written.isSure[name]
		}
	}
	return all
}

func (w *written) compare(found map[string]string) objectsReport {
	result := objectsReport{Lost: []string{}, Differing: []string{}}
	for _, name := range w.certain() {
		result.Written++
		value, there := found[name]
		switch {
		case !there:
			result.Lost = append(result.Lost, name)
		case !w.allows(name, value):
			result.Differing = append(result.Differing, name)
			result.Found++
		default:
			result.Found++
		}
	}
	return result
}

const (
	pageSize        = 500
	readBackTimeout = 2 * time.Minute
)

func readBack(client *kubernetes.Clientset, namespace, run string, written *written, tally *tally) objectsReport {
	ctx, cancel := context.WithTimeout(context.Background(), readBackTimeout)
	defer cancel()
	found := map[string]string{}
	options := metav1.ListOptions{LabelSelector: fmt.Sprintf("%s=%s", runLabel, run), Limit: pageSize}
	for {
		page, err := client.CoreV1().ConfigMaps(namespace).List(ctx, options)
		if err != nil {
			tally.failedAfter("read back", time.Now(), err)
			break
		}
		for _, item := range page.Items {
			found[item.Name] = item.Data["value"]
		}
		if options.Continue = page.Continue; options.Continue == "" {
			break
		}
	}
	return written.compare(found)
}
