// Quorum_check opens a checkpoint with the Go team's package for notes, and counts who cosigned it.
//
//	quorum_check CHECKPOINT QUORUM LOG-KEY WITNESS-KEY...
//
// The witnesses' keys are those of C2SP tlog-cosignature (Ed25519, type 4), which the package does not know by itself;
// it asks for their verification by an interface of its own.
package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }

// Verify takes the bytes behind the key hash: eight of a moment and 64 of a signature.
func (w witness) Verify(text, signature []byte) bool {
	if len(signature) != 72 {
		return false
	}
	moment := binary.BigEndian.Uint64(signature)
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", moment, text)
	return ed25519.Verify(w.key, []byte(message), signature[8:])
}

func newWitness(text string) (witness, error) {
	parts := strings.SplitN(text, "+", 3)
	if len(parts) != 3 {
		return witness{}, errors.New("a verifier key has three parts")
	}
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil {
		return witness{}, err
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 33 || key[0] != 4 {
		return witness{}, errors.New("it is no key of a witness")
	}
	return witness{parts[0], uint32(hash), ed25519.PublicKey(key[1:])}, nil
}

func run(file, quorum string, log string, keys []string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	verifier, err := note.NewVerifier(log)
	if err != nil {
		return err
	}
	verifiers := []note.Verifier{verifier}
	for _, key := range keys {
		each, err := newWitness(key)
		if err != nil {
			return err
		}
		verifiers = append(verifiers, each)
	}
	opened, err := note.Open(content, note.VerifierList(verifiers...))
	if err != nil {
		return err
	}
	wanted, err := strconv.Atoi(quorum)
	if err != nil {
		return err
	}
	// The log's own line is one of those that hold.
	isSigned := false
	cosigned := 0
	for _, signature := range opened.Sigs {
		if signature.Name == verifier.Name() && signature.Hash == verifier.KeyHash() {
			isSigned = true
		} else {
			cosigned++
		}
	}
	if !isSigned {
		return errors.New("the log did not sign it")
	}
	if cosigned < wanted {
		return fmt.Errorf("%d of %d witnesses cosigned it", cosigned, wanted)
	}
	fmt.Printf("%d witnesses\n", cosigned)
	return nil
}

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: quorum_check CHECKPOINT QUORUM LOG-KEY WITNESS-KEY...")
		os.Exit(64)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Args[4:]); err != nil {
		fmt.Fprintln(os.Stderr, "quorum_check:", err)
		os.Exit(1)
	}
}
