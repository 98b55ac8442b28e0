// Package kubernetes_test has the manifests taken by the types of the Kubernetes API. It is a module of its own, so that nobody who
// imports the suite fetches Kubernetes.
package kubernetes_test

import (
	"bytes"
	"slices"
	"testing"

	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// built are the objects that kustomize makes of a folder, each decoded strictly: an unknown or doubled field is an error.
func built(t *testing.T, folder string) []runtime.Object {
	t.Helper()
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		t.Fatalf("kustomize does not take %s: %v", folder, err)
	}
	text, err := resources.AsYaml()
	if err != nil {
		t.Fatal(err)
	}
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{core.AddToScheme, batch.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	decoder := json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme, scheme, json.SerializerOptions{Yaml: true, Strict: true})
	var objects []runtime.Object
	for document := range bytes.SplitSeq(text, []byte("\n---\n")) {
		object, kind, err := decoder.Decode(document, nil, nil)
		if err != nil {
			t.Errorf("%s: %v is not taken: %v\n%s", folder, kind, err, document)
			continue
		}
		objects = append(objects, object)
	}
	return objects
}

func TestTheManifestsAreTaken(t *testing.T) {
	for folder, want := range map[string]int{"base": 4, "shares": 5} {
		objects := built(t, folder)
		if len(objects) != want {
			t.Errorf("%s makes %d objects, %d are expected", folder, len(objects), want)
		}
		for _, object := range objects {
			if job, is := object.(*batch.CronJob); is {
				checkPod(t, folder+" "+job.Name, job.Spec.JobTemplate.Spec.Template.Spec)
			}
		}
	}
}

// checkPod: without rights, on a root that can't be written to, bounded, and with no secret in it.
func checkPod(t *testing.T, name string, pod core.PodSpec) {
	t.Helper()
	if s := pod.SecurityContext; s == nil || s.RunAsNonRoot == nil || !*s.RunAsNonRoot || s.RunAsUser == nil || *s.RunAsUser == 0 || s.SeccompProfile == nil {
		t.Errorf("%s: the pod may run as root: %+v", name, s)
	}
	if pod.AutomountServiceAccountToken == nil || *pod.AutomountServiceAccountToken || pod.EnableServiceLinks == nil || *pod.EnableServiceLinks {
		t.Errorf("%s: the pod gets a token or variables of services", name)
	}
	for _, c := range pod.Containers {
		s := c.SecurityContext
		if s == nil || s.ReadOnlyRootFilesystem == nil || !*s.ReadOnlyRootFilesystem || s.AllowPrivilegeEscalation == nil || *s.AllowPrivilegeEscalation ||
			s.Capabilities == nil || !slices.Contains(s.Capabilities.Drop, "ALL") {
			t.Errorf("%s: the container may do too much: %+v", name, s)
		}
		if c.Resources.Limits.Memory().IsZero() || c.Resources.Limits.Cpu().IsZero() || c.Resources.Requests.Memory().IsZero() {
			t.Errorf("%s: the container is not bounded: %+v", name, c.Resources)
		}
		for _, variable := range c.Env {
			if variable.Value != "" {
				t.Errorf("%s: the variable %s stands in the manifest", name, variable.Name)
			}
		}
	}
}

// TestSharesAreAsManyAsAreCompleted: else an endpoint is judged by nobody.
func TestSharesAreAsManyAsAreCompleted(t *testing.T) {
	for _, object := range built(t, "shares") {
		job, is := object.(*batch.CronJob)
		if !is || job.Name != "libdrives-fleet" {
			continue
		}
		spec := job.Spec.JobTemplate.Spec
		args := spec.Template.Spec.Containers[0].Args
		of := slices.Index(args, "--of")
		if spec.CompletionMode == nil || *spec.CompletionMode != batch.IndexedCompletion || spec.Completions == nil || of < 0 || args[of+1] != "10" || *spec.Completions != 10 {
			t.Errorf("the job is completed %v times, by the arguments %q", spec.Completions, args)
		}
		if spec.BackoffLimitPerIndex == nil || spec.MaxFailedIndexes == nil || *spec.MaxFailedIndexes < *spec.Completions {
			t.Errorf("a share that fails ends the others: %+v", spec)
		}
		return
	}
	t.Error("there is no job of shares")
}
