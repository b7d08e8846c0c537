package main

import (
	"encoding/json"
	"os"
	"slices"
	"sync"
	"time"
)

const failuresShown = 20

type failure struct {
	At    time.Time `json:"at"`
	Verb  string    `json:"verb"`
	Error string    `json:"error"`
}

type watchReport struct {
	Reopened   int      `json:"reopened"`
	Relisted   int      `json:"relisted"`
	Missed     []string `json:"missed"`
	Duplicated []string `json:"duplicated"`
}

type objectsReport struct {
	Written   int      `json:"written"`
	Found     int      `json:"found"`
	Lost      []string `json:"lost"`
	Differing []string `json:"differing"`
}

type report struct {
	Requests     int           `json:"requests"`
	Reads        int           `json:"reads"`
	Writes       int           `json:"writes"`
	Retried      int           `json:"retried"`
	Retries      []failure     `json:"retries"`
	Failed       int           `json:"failed"`
	Failures     []failure     `json:"failures"`
	P50Ms        int64         `json:"p50Ms"`
	P99Ms        int64         `json:"p99Ms"`
	MaxMs        int64         `json:"maxMs"`
	LongestGapMs int64         `json:"longestGapMs"`
	Watch        watchReport   `json:"watch"`
	Objects      objectsReport `json:"objects"`
	Seconds      float64       `json:"seconds"`
}

func (r *report) clean() bool {
	wrong := len(r.Watch.Missed) + len(r.Watch.Duplicated) + len(r.Objects.Lost) + len(r.Objects.Differing)
	return r.Failed == 0 && wrong == 0
}

type progress struct {
	At               time.Time `json:"at"`
	Requests         int       `json:"requests"`
	Failed           int       `json:"failed"`
	RetriedOnTheWire int       `json:"retriedOnTheWire"`
	P99Ms            int64     `json:"p99Ms"`
}

// What all workers report to.
type tally struct {
	mu          sync.Mutex
	result      report
	latencies   []int64
	told        int
	began       time.Time
	lastSuccess time.Time
	longestGap  time.Duration
}

func newTally(now time.Time) *tally {
	return &tally{began: now, lastSuccess: now, result: report{Failures: []failure{}, Retries: []failure{}}}
}

// Making the client's own things is no part of the measurement.
func (t *tally) begin(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.began, t.lastSuccess = now, now
}

func (t *tally) ended(verb string, isWrite bool, began, now time.Time, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.result.Requests++
	if isWrite {
		t.result.Writes++
	} else {
		t.result.Reads++
	}
	t.latencies = append(t.latencies, now.Sub(began).Milliseconds())
	if err != nil {
		t.fail(verb, now, err)
		return
	}
	t.gapUntil(now)
}

func (t *tally) failedAfter(verb string, now time.Time, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.fail(verb, now, err)
}

func (t *tally) fail(verb string, now time.Time, err error) {
	t.result.Failed++
	if len(t.result.Failures) < failuresShown {
		t.result.Failures = append(t.result.Failures, failure{At: now, Verb: verb, Error: err.Error()})
	}
}

// An attempt that client-go may repeat.
func (t *tally) refused(verb, word string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.result.Retried++
	if len(t.result.Retries) < failuresShown {
		t.result.Retries = append(t.result.Retries, failure{At: time.Now(), Verb: verb, Error: word})
	}
}

func (t *tally) gapUntil(now time.Time) {
	t.longestGap = max(t.longestGap, now.Sub(t.lastSuccess))
	t.lastSuccess = now
}

func (t *tally) end(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.gapUntil(now)
	t.result.Seconds = now.Sub(t.began).Round(time.Millisecond).Seconds()
}

func (t *tally) progress(now time.Time) progress {
	t.mu.Lock()
	defer t.mu.Unlock()
	latest := slices.Sorted(slices.Values(t.latencies[t.told:]))
	t.told = len(t.latencies)
	return progress{
		At: now, Requests: t.result.Requests, Failed: t.result.Failed, RetriedOnTheWire: t.result.Retried, P99Ms: percentile(latest, 99),
	}
}

func (t *tally) report() *report {
	t.mu.Lock()
	defer t.mu.Unlock()
	sorted := slices.Sorted(slices.Values(t.latencies))
	result := t.result
	result.P50Ms, result.P99Ms, result.MaxMs = percentile(sorted, 50), percentile(sorted, 99), percentile(sorted, 100)
	result.LongestGapMs = t.longestGap.Milliseconds()
	return &result
}

// The smallest value that so many of a hundred do not exceed.
func percentile(sorted []int64, of int) int64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(0, (len(sorted)*of+99)/100-1)]
}

// Whole or not at all: someone may be waiting for it.
func writeReport(file string, result *report) error {
	text, err := json.MarshalIndent(result, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(file+".new", append(text, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}
