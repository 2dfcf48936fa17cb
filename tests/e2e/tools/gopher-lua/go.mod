// gopher-lua, in which Argo CD runs its scripts, as a program: built from source by `make e2e`.
//
// To move to another release: `go get github.com/yuin/gopher-lua@VERSION`, then `go mod tidy`.
module securebucket.io/tests/e2e/tools/gopher-lua

go 1.25.0

require (
	github.com/yuin/gopher-lua v1.1.1
	layeh.com/gopher-json v0.0.0-20190114024228-97fed8db8427
)
