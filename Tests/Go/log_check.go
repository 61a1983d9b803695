// Log_check reads a public log with the Go team's own packages, which share nothing with Canting.
//
//	log_check FOLDER VERIFIER-KEY [OLD-CHECKPOINT]
//
// It opens FOLDER/checkpoint with the key, recomputes the root of the tree from the bundles of
// entries, and compares it, and every tile of hashes, with what the log says. With a checkpoint
// that was saved earlier it also proves that the log of that day is the beginning of this one.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Hashes of 2^8 leaves are in one tile.
const tileHeight = 8

func main() {
	if len(os.Args) < 3 || len(os.Args) > 4 {
		fmt.Fprintln(os.Stderr, "usage: log_check FOLDER VERIFIER-KEY [OLD-CHECKPOINT]")
		os.Exit(64)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, "log_check:", err)
		os.Exit(1)
	}
}

func run(folder, key string, old []string) error {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(filepath.Join(folder, "checkpoint"), verifier)
	if err != nil {
		return err
	}
	hashes, err := readEntries(folder, tree.N)
	if err != nil {
		return err
	}
	root, err := tlog.TreeHash(tree.N, hashes)
	if err != nil {
		return err
	}
	if root != tree.Hash {
		return fmt.Errorf("the entries have the root %v, and the checkpoint says %v", root, tree.Hash)
	}
	if err := compareTiles(folder, tree.N, hashes); err != nil {
		return err
	}
	for _, file := range old {
		if err := proveGrowth(file, verifier, tree, hashes); err != nil {
			return err
		}
	}
	fmt.Printf("%d %s\n", tree.N, root)
	return nil
}

// openCheckpoint reads origin, size and root from a signed note.
func openCheckpoint(file string, verifier note.Verifier) (tlog.Tree, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(content, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		return tlog.Tree{}, errors.New("the checkpoint is not origin, size and root")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 {
		return tlog.Tree{}, errors.New("the checkpoint's size is no number")
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return tlog.Tree{}, errors.New("the checkpoint's root is no hash")
	}
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	return tree, nil
}

// storedHashes has the hashes of a tree in the order in which package tlog stores them.
type storedHashes []tlog.Hash

func (hashes storedHashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= int64(len(hashes)) {
			return nil, fmt.Errorf("hash %d is not in the tree", index)
		}
		found[i] = hashes[index]
	}
	return found, nil
}

// readEntries hashes the entries of all bundles: each two bytes of length, then as many bytes.
func readEntries(folder string, size int64) (storedHashes, error) {
	var hashes storedHashes
	var count int64
	for count < size {
		tile := tlog.Tile{H: tileHeight, L: -1, N: count >> tileHeight, W: 1 << tileHeight}
		if rest := size - count; rest < int64(tile.W) {
			tile.W = int(rest)
		}
		path := tilePath(tile)
		bundle, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil {
			return nil, err
		}
		entries := 0
		for ; len(bundle) >= 2; entries++ {
			length := int(binary.BigEndian.Uint16(bundle))
			if len(bundle) < 2+length {
				break
			}
			added, err := tlog.StoredHashes(count, bundle[2:2+length], hashes)
			if err != nil {
				return nil, err
			}
			hashes = append(hashes, added...)
			bundle = bundle[2+length:]
			count++
		}
		if entries != tile.W || len(bundle) != 0 {
			return nil, fmt.Errorf("%s does not have %d entries", path, tile.W)
		}
	}
	return hashes, nil
}

// compareTiles compares every tile of hashes with what package tlog makes of the entries.
func compareTiles(folder string, size int64, hashes storedHashes) error {
	for level := 0; size>>(tileHeight*level) > 0; level++ {
		count := size >> (tileHeight * level)
		for first := int64(0); first < count; first += 1 << tileHeight {
			tile := tlog.Tile{H: tileHeight, L: level, N: first >> tileHeight, W: 1 << tileHeight}
			if rest := count - first; rest < int64(tile.W) {
				tile.W = int(rest)
			}
			if err := compareTile(folder, tile, hashes); err != nil {
				return err
			}
		}
	}
	return nil
}

func compareTile(folder string, tile tlog.Tile, hashes storedHashes) error {
	wanted, err := tlog.ReadTileData(tile, hashes)
	if err != nil {
		return err
	}
	path := tilePath(tile)
	found, err := os.ReadFile(filepath.Join(folder, path))
	if err != nil {
		return err
	}
	if !bytes.Equal(found, wanted) {
		return fmt.Errorf("%s has other hashes than the entries", path)
	}
	return nil
}

// tilePath is the path of package tlog without the height, and with the standard's word for entries.
func tilePath(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}

func proveGrowth(file string, verifier note.Verifier, tree tlog.Tree, hashes storedHashes) error {
	old, err := openCheckpoint(file, verifier)
	if err != nil {
		return err
	}
	if old.N > tree.N {
		return fmt.Errorf("the log had %d entries and has %d", old.N, tree.N)
	}
	if old.N == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(tree.N, old.N, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash)
}
