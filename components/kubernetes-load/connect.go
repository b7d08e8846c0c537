package main

import (
	"context"
	"net"
	"net/http"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// Long enough for the slowest answer of a busy machine with client-go's retries, short enough to tell that one hangs.
const requestTimeout = 60 * time.Second

// Clients with equal configurations share a connection unless they dial for themselves. Only requests of a client with a
// tally are counted; a watch has no time limit, so its client is one without.
func connect(kubeconfig string, tally *tally) (*kubernetes.Clientset, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	config.Dial = (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	// The load has a rate of its own.
	config.QPS = -1
	config.UserAgent = "clusterlift-load"
	if tally != nil {
		config.Timeout = requestTimeout
		config.Wrap(func(next http.RoundTripper) http.RoundTripper { return &wire{next: next, tally: tally} })
	}
	return kubernetes.NewForConfig(rest.CopyConfig(config))
}

// Stands below client-go's retries and sees each attempt.
type wire struct {
	next  http.RoundTripper
	tally *tally
}

func (w *wire) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := w.next.RoundTrip(request)
	if err != nil {
		w.tally.refused(verbOf(request), err.Error())
	} else if response.StatusCode == http.StatusTooManyRequests || response.StatusCode >= 500 {
		w.tally.refused(verbOf(request), response.Status)
	}
	return response, err
}

func verbOf(request *http.Request) string {
	parts := strings.Split(strings.TrimSuffix(request.URL.Path, "/"), "/")
	return request.Method + " " + parts[len(parts)-1]
}

func makeNamespace(ctx context.Context, client *kubernetes.Clientset, name string) error {
	wanted := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
	_, err := client.CoreV1().Namespaces().Create(ctx, wanted, metav1.CreateOptions{})
	if errors.IsAlreadyExists(err) {
		return nil
	}
	return err
}
