package main

import (
	"errors"
	"slices"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
)

func TestAnObjectThatIsGoneIsLostAndOneWithOtherContentDiffers(t *testing.T) {
	all := newWritten()
	all.created("kept", "1", true)
	all.created("gone", "1", true)
	all.created("old", "1", true)
	all.patched("old", "2", true)
	got := all.compare(map[string]string{"kept": "1", "old": "1"})
	if got.Written != 3 || got.Found != 2 || !slices.Equal(got.Lost, []string{"gone"}) || !slices.Equal(got.Differing, []string{"old"}) {
		t.Fatalf("%+v", got)
	}
}

func TestAWriteThatFailedMayHaveHappened(t *testing.T) {
	all := newWritten()
	all.created("patched", "1", true)
	all.patched("patched", "2", false)
	all.created("perhaps", "1", false)
	for _, value := range []string{"1", "2"} {
		if got := all.compare(map[string]string{"patched": value}); len(got.Lost)+len(got.Differing) != 0 || got.Written != 1 {
			t.Fatalf("%s: %+v", value, got)
		}
	}
	if got := all.compare(map[string]string{"patched": "3"}); len(got.Differing) != 1 {
		t.Fatalf("%+v", got)
	}
}

func added(name, version string) watch.Event {
	return watch.Event{Type: watch.Added, Object: &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, ResourceVersion: version}}}
}

func TestAWatchTellsWhatDidNotComeAndWhatCameTwice(t *testing.T) {
	w := newWatcher(nil, "", "")
	for _, event := range []watch.Event{added("once", "1"), added("twice", "2"), added("twice", "3")} {
		if err := w.take(event); err != nil {
			t.Fatal(err)
		}
	}
	changed := added("once", "4")
	changed.Type = watch.Modified
	_ = w.take(changed)
	missed, duplicated := w.verdict([]string{"never", "once", "twice"})
	if !slices.Equal(missed, []string{"never"}) || !slices.Equal(duplicated, []string{"twice"}) || w.version != "4" {
		t.Fatal(missed, duplicated, w.version)
	}
}

func TestTheLongestGapIsTheLongestTimeWithoutASuccess(t *testing.T) {
	at := func(ms int) time.Time { return time.UnixMilli(int64(ms)) }
	tally := newTally(at(0))
	tally.ended("get", false, at(10), at(100), nil)
	tally.ended("get", false, at(100), at(900), errors.New("refused"))
	tally.ended("create", true, at(900), at(1000), nil)
	tally.end(at(1200))
	got := tally.report()
	if got.LongestGapMs != 900 || got.Failed != 1 || got.Reads != 2 || got.Writes != 1 || got.clean() {
		t.Fatalf("%+v", got)
	}
	if got.Failures[0].Verb != "get" || got.Failures[0].Error != "refused" {
		t.Fatalf("%+v", got.Failures)
	}
}

func TestOfAHundredLatenciesOneMayBeAboveTheP99(t *testing.T) {
	var hundred []int64
	for i := range int64(100) {
		hundred = append(hundred, i+1)
	}
	if percentile(hundred, 50) != 50 || percentile(hundred, 99) != 99 || percentile(hundred, 100) != 100 || percentile(nil, 99) != 0 {
		t.Fatal(percentile(hundred, 50), percentile(hundred, 99), percentile(hundred, 100))
	}
}
