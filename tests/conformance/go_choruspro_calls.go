// Drives go-choruspro as a process of its own: a call a line comes in, its answer a line goes out. Arguments: address,
// client_id, its secret, login, password. The package sends its token with the first call of a client alone, so each
// call has a client of its own.
package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"log"
	"os"
	"reflect"

	"github.com/antoine2116/go-choruspro"
)

type asked struct {
	Call string          `json:"call"`
	With json.RawMessage `json:"with"`
}

func client() *choruspro.Client {
	c, err := choruspro.NewClient().WithConfig(&choruspro.ClientConfig{
		BaseUrl:      os.Args[1] + "/",
		AuthUrl:      os.Args[1] + "/",
		ClientId:     os.Args[2],
		ClientSecret: os.Args[3],
		Login:        base64.StdEncoding.EncodeToString([]byte(os.Args[4] + ":" + os.Args[5])),
	})
	if err != nil {
		panic(err)
	}
	return c
}

func answer(line asked) interface{} {
	c := client()
	services := []interface{}{c.Factures, c.Structures, c.Transverses, c.Utilisateurs}
	for _, service := range services {
		method := reflect.ValueOf(service).MethodByName(line.Call)
		if !method.IsValid() {
			continue
		}
		arguments := []reflect.Value{reflect.ValueOf(context.Background())}
		if method.Type().NumIn() > 1 {
			options := reflect.New(method.Type().In(1))
			if err := json.Unmarshal(line.With, options.Interface()); err != nil {
				return map[string]string{"error": err.Error()}
			}
			arguments = append(arguments, options.Elem())
		}
		results := method.Call(arguments)
		if err, _ := results[1].Interface().(error); err != nil {
			return map[string]string{"error": err.Error()}
		}
		return results[0].Interface()
	}
	return map[string]string{"error": "no method " + line.Call}
}

func main() {
	log.SetOutput(io.Discard) // it logs every answer
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<26)
	for lines.Scan() {
		var line asked
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			panic(err)
		}
		written, err := json.Marshal(answer(line))
		if err != nil {
			panic(err)
		}
		os.Stdout.Write(append(written, '\n'))
	}
}
