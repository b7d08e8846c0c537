package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
)

const (
	// As an informer waits before it opens its watch again.
	firstBackoff = 800 * time.Millisecond
	lastBackoff  = 30 * time.Second
	// After the last write, for events that are still on their way.
	arrivalTimeout = 30 * time.Second
	arrivalLook    = 50 * time.Millisecond
)

// Goes on from the last version that it saw, as an informer does, and lists anew only when the server has forgotten that.
// An informer hides what arrives twice; this one counts it.
type watcher struct {
	client    *kubernetes.Clientset
	namespace string
	selector  string
	version   string
	mu        sync.Mutex
	arrivals  map[string]int
	reopened  int
	relisted  int
}

func newWatcher(client *kubernetes.Clientset, namespace, run string) *watcher {
	selector := fmt.Sprintf("%s=%s", runLabel, run)
	return &watcher{client: client, namespace: namespace, selector: selector, arrivals: map[string]int{}}
}

// What a list shows has arrived; what had arrived before has not come twice by that.
func (w *watcher) list(ctx context.Context) error {
	found, err := w.client.CoreV1().ConfigMaps(w.namespace).List(ctx, metav1.ListOptions{LabelSelector: w.selector})
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, item := range found.Items {
		w.arrivals[item.Name] = max(w.arrivals[item.Name], 1)
	}
	w.version = found.ResourceVersion
	return nil
}

func (w *watcher) follow(ctx context.Context) {
	backoff := firstBackoff
	for opened := 0; ctx.Err() == nil; {
		err := w.open(ctx, &opened)
		switch {
		case err == nil:
			backoff = firstBackoff
			continue
		case ctx.Err() != nil:
			return
		case errors.IsResourceExpired(err) || errors.IsGone(err):
			w.count(&w.relisted)
			if w.list(ctx) == nil {
				continue
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(float64(backoff) * (1 + rand.Float64()))):
		}
		backoff = min(2*backoff, lastBackoff)
	}
}

// Until the watch ends. Nil means that it was open and ended without an error.
func (w *watcher) open(ctx context.Context, opened *int) error {
	seconds := int64(300 + rand.IntN(300))
	events, err := w.client.CoreV1().ConfigMaps(w.namespace).Watch(ctx, metav1.ListOptions{
		LabelSelector: w.selector, ResourceVersion: w.version, AllowWatchBookmarks: true, TimeoutSeconds: &seconds,
	})
	if err != nil {
		return err
	}
	defer events.Stop()
	if *opened++; *opened > 1 {
		w.count(&w.reopened)
	}
	for event := range events.ResultChan() {
		if event.Type == watch.Error {
			return errors.FromObject(event.Object)
		}
		if err := w.take(event); err != nil {
			return err
		}
	}
	return nil
}

func (w *watcher) take(event watch.Event) error {
	object, err := meta.Accessor(event.Object)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.version = object.GetResourceVersion()
	if _, isConfigMap := event.Object.(*corev1.ConfigMap); isConfigMap && event.Type == watch.Added {
		w.arrivals[object.GetName()]++
	}
	return nil
}

// Comes back when all have arrived, or when they had time enough for it.
func (w *watcher) waitFor(names []string) {
	for giveUp := time.Now().Add(arrivalTimeout); time.Now().Before(giveUp); time.Sleep(arrivalLook) {
		if missed, _ := w.verdict(names); len(missed) == 0 {
			return
		}
	}
}

func (w *watcher) verdict(names []string) (missed, duplicated []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	missed, duplicated = []string{}, []string{}
	for _, name := range names {
		if w.arrivals[name] == 0 {
			missed = append(missed, name)
		}
	}
	for name, times := range w.arrivals {
		if times > 1 {
			duplicated = append(duplicated, name)
		}
	}
	slices.Sort(duplicated)
	return missed, duplicated
}

func (w *watcher) count(what *int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	*what++
}

func (w *watcher) reopenings() int { w.mu.Lock(); defer w.mu.Unlock(); return w.reopened }
func (w *watcher) relistings() int { w.mu.Lock(); defer w.mu.Unlock(); return w.relisted }
