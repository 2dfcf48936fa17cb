// Runs a Lua script with the interpreter that Argo CD has, and with the libraries that it opens for scripts of argocd-cm
// (runLua in https://github.com/argoproj/argo-cd/blob/master/util/lua/lua.go): {"script": …, "obj": …} on stdin, what the
// script returns as JSON on stdout.
package main

import (
	"encoding/json"
	"log"
	"os"

	lua "github.com/yuin/gopher-lua"
	luajson "layeh.com/gopher-json"
)

func main() {
	log.SetFlags(0)
	var given struct {
		Script string          `json:"script"`
		Object json.RawMessage `json:"obj"`
	}
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		log.Fatalf("stdin is no JSON: %v", err)
	}
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	for _, each := range []struct {
		name string
		open lua.LGFunction
	}{
		{lua.LoadLibName, lua.OpenPackage},
		{lua.BaseLibName, lua.OpenBase},
		{lua.TabLibName, lua.OpenTable},
		{lua.OsLibName, lua.OpenOs},
	} {
		state.Push(state.NewFunction(each.open))
		state.Push(lua.LString(each.name))
		state.Call(1, 0)
	}
	keepTimeAndDate(state)
	object, err := luajson.Decode(state, given.Object)
	if err != nil {
		log.Fatalf("obj: %v", err)
	}
	state.SetGlobal("obj", object)
	if err := state.DoString(given.Script); err != nil {
		log.Fatal(err)
	}
	answer, err := luajson.Encode(state.Get(-1))
	if err != nil {
		log.Fatalf("the script returns what is no JSON: %v", err)
	}
	if _, err := os.Stdout.Write(answer); err != nil {
		log.Fatal(err)
	}
}

// keepTimeAndDate takes from os what Argo CD does not give.
func keepTimeAndDate(state *lua.LState) {
	full := state.GetGlobal(lua.OsLibName).(*lua.LTable)
	var others []string
	full.ForEach(func(name, _ lua.LValue) {
		if text := name.String(); text != "time" && text != "date" {
			others = append(others, text)
		}
	})
	for _, name := range others {
		full.RawSetString(name, lua.LNil)
	}
}
