// The CustomResourceDefinitions of Argo CD and Flux, which the end-to-end tests install: files of these modules' zips.
// Nothing of them is compiled.
//
// To move to another release: change its version, then `go mod download` with the names of all four.
module securebucket.io/tests/e2e/tools/gitops

go 1.26.0

require (
	github.com/argoproj/argo-cd/v3 v3.4.13
	github.com/fluxcd/helm-controller v1.4.0
	github.com/fluxcd/kustomize-controller v1.7.3
	github.com/fluxcd/source-controller v1.7.0
)
