package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
)

const (
	runLabel    = "clusterlift-load/run"
	workerLabel = "clusterlift-load/worker"
	listLimit   = 100
)

// Of ten steps four read one object, one lists, two create, two patch and one renews a lease.
var steps = [10]func(*worker, context.Context){
	(*worker).create, (*worker).get, (*worker).patch, (*worker).get, (*worker).list,
	(*worker).create, (*worker).get, (*worker).patch, (*worker).get, (*worker).renew,
}

// One after the other, on objects of its own: so it knows what it must read.
type worker struct {
	client    *kubernetes.Clientset
	namespace string
	run       string
	number    int
	tally     *tally
	written   *written
	names     []string
	turn      int
	counter   int
	holder    string
}

func newWorker(client *kubernetes.Clientset, namespace, run string, number int, tally *tally) *worker {
	return &worker{client: client, namespace: namespace, run: run, number: number, tally: tally, written: newWritten()}
}

func (w *worker) prefix() string { return fmt.Sprintf("load-%s-%d", w.run, w.number) }

// A step begins at its time or, when the one before took longer, at once; what was late is not caught up with.
func (w *worker) work(ctx context.Context, rate float64) {
	pace := time.NewTicker(time.Duration(float64(time.Second) / rate * requestsPerStep))
	defer pace.Stop()
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-pace.C:
			// A request that has begun is let finish: cut off, it would tell nothing.
			steps[i%len(steps)](w, context.WithoutCancel(ctx))
		}
	}
}

// Ten steps are eleven requests: a lease is read and then written.
const requestsPerStep = 11.0 / 10

func (w *worker) create(ctx context.Context) {
	w.counter++
	name := fmt.Sprintf("%s-%d", w.prefix(), w.counter)
	value := w.content()
	object := &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{
			Name:   name,
			Labels: map[string]string{runLabel: w.run, workerLabel: fmt.Sprint(w.number)},
		},
		Data: map[string]string{"value": value},
	}
	err := w.request("create", true, func() error {
		_, err := w.client.CoreV1().ConfigMaps(w.namespace).Create(ctx, object, metav1.CreateOptions{})
		return err
	})
	w.written.created(name, value, err == nil)
	if err == nil {
		w.names = append(w.names, name)
	}
}

func (w *worker) patch(ctx context.Context) {
	name, ok := w.next()
	if !ok {
		return
	}
	value := w.content()
	body := fmt.Appendf(nil, `{"data":{"value":%q}}`, value)
	err := w.request("patch", true, func() error {
		_, err := w.client.CoreV1().ConfigMaps(w.namespace).Patch(ctx, name, types.MergePatchType, body, metav1.PatchOptions{})
		return err
	})
	w.written.patched(name, value, err == nil)
}

func (w *worker) get(ctx context.Context) {
	name, ok := w.next()
	if !ok {
		return
	}
	_ = w.request("get", false, func() error {
		found, err := w.client.CoreV1().ConfigMaps(w.namespace).Get(ctx, name, metav1.GetOptions{})
		if err == nil && !w.written.allows(name, found.Data["value"]) {
			return fmt.Errorf("%s was read with another content than was last written", name)
		}
		return err
	})
}

func (w *worker) list(ctx context.Context) {
	selector := fmt.Sprintf("%s=%s,%s=%d", runLabel, w.run, workerLabel, w.number)
	_ = w.request("list", false, func() error {
		found, err := w.client.CoreV1().ConfigMaps(w.namespace).List(ctx, metav1.ListOptions{LabelSelector: selector, Limit: listLimit})
		if err == nil && len(found.Items) < min(len(w.names), listLimit) {
			return fmt.Errorf("%d objects were listed, %d were written", len(found.Items), len(w.names))
		}
		return err
	})
}

func (w *worker) makeLease(ctx context.Context) error {
	w.holder = "0"
	seconds := int32(60)
	lease := &coordinationv1.Lease{
		ObjectMeta: metav1.ObjectMeta{Name: w.prefix()},
		Spec:       coordinationv1.LeaseSpec{HolderIdentity: &w.holder, LeaseDurationSeconds: &seconds},
	}
	_, err := w.client.CoordinationV1().Leases(w.namespace).Create(ctx, lease, metav1.CreateOptions{})
	return err
}

// Read and written as a leader does it; nobody else writes it, so that a conflict is a failure.
func (w *worker) renew(ctx context.Context) {
	var lease *coordinationv1.Lease
	err := w.request("get lease", false, func() error {
		var err error
		lease, err = w.client.CoordinationV1().Leases(w.namespace).Get(ctx, w.prefix(), metav1.GetOptions{})
		if err == nil && w.holder != "" && *lease.Spec.HolderIdentity != w.holder {
			return fmt.Errorf("the lease was read as %s holds it; %s was last written", *lease.Spec.HolderIdentity, w.holder)
		}
		return err
	})
	if err != nil {
		return
	}
	w.counter++
	holder, now := fmt.Sprint(w.counter), metav1.NowMicro()
	lease.Spec.HolderIdentity, lease.Spec.RenewTime = &holder, &now
	err = w.request("update lease", true, func() error {
		_, err := w.client.CoordinationV1().Leases(w.namespace).Update(ctx, lease, metav1.UpdateOptions{})
		return err
	})
	// After a failure either may stand there.
	w.holder = ""
	if err == nil {
		w.holder = holder
	}
}

func (w *worker) request(verb string, isWrite bool, act func() error) error {
	began := time.Now()
	err := act()
	w.tally.ended(verb, isWrite, began, time.Now(), err)
	return err
}

func (w *worker) next() (string, bool) {
	if len(w.names) == 0 {
		return "", false
	}
	w.turn++
	return w.names[w.turn%len(w.names)], true
}

// Different for each write, and long enough that a piece of it is not mistaken for the whole.
func (w *worker) content() string {
	w.counter++
	return strings.Repeat(fmt.Sprintf("%d.%d ", w.number, w.counter), 20)
}
