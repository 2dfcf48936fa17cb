// Says how kstatus reads objects: a JSON list of them on stdin, a JSON list of {status, message} on stdout.
//
// https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md, as Flux has it.
package main

import (
	"encoding/json"
	"io"
	"log"
	"os"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	kubejson "k8s.io/apimachinery/pkg/util/json"
)

type verdict struct {
	Status  string `json:"status"`
	Message string `json:"message"`
}

func main() {
	log.SetFlags(0)
	given, err := io.ReadAll(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	var objects []any // with whole numbers as int64, as the API server's clients have them
	if err := kubejson.Unmarshal(given, &objects); err != nil {
		log.Fatalf("stdin is no JSON list of objects: %v", err)
	}
	verdicts := make([]verdict, 0, len(objects))
	for _, object := range objects {
		result, err := status.Compute(&unstructured.Unstructured{Object: object.(map[string]any)})
		if err != nil {
			log.Fatalf("kstatus: %v", err)
		}
		verdicts = append(verdicts, verdict{result.Status.String(), result.Message})
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		log.Fatal(err)
	}
}
