package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
)

// Servers are those of the account, as GET /servers/ lists them.
func (lib *Library) Servers() List { return lib.ListAt(ServersPath, "", "GET /"+ServersPath).Sound("") }

// KnownServers are the servers of the account by their uuids, each with the names that it was told by.
type KnownServers map[string][]string

// Add notes a server; the name may be empty where it is not told.
func (k KnownServers) Add(uuid, name string) {
	if name != "" || k[uuid] == nil {
		k[uuid] = append(slices.Clip(k[uuid]), name)
	}
}

// name reports whether a server is one of them, by its uuid, its address and its name, as far as it tells these.
func (k KnownServers) name(server gjson.Result) bool {
	names, known := k[mountedOn(server)]
	if !known {
		return false
	}
	if address := server.Get("resource_uri"); address.Exists() && (address.Type != gjson.String || address.Str == "" || k[lastSegment(address.Str)] == nil) {
		return false
	}
	if uuid := server.Get("uuid"); uuid.Exists() && uuid.Type != gjson.String {
		return false
	}
	told, named := server.Get("name"), slices.ContainsFunc(names, func(name string) bool { return name != "" })
	return !told.Exists() || !named || told.Type == gjson.String && slices.Contains(names, told.Str)
}

// ServersTold are the uuids of all servers that answers of the run below /servers/ tell, those that are deleted by now too.
func (lib *Library) ServersTold() KnownServers {
	told := KnownServers{}
	for _, answer := range lib.Everything() {
		path, _, _ := lib.below(answer.Exchange)
		if !strings.HasPrefix(path, ServersPath) || answer.Status()/100 != 2 {
			continue
		}
		for _, server := range lib.Parsed.objects(answer.Exchange) {
			told.Add(server.UUID, server.Name)
		}
		if uuid := lib.Parsed.around(answer.Exchange, "uuid"); uuid.Type == gjson.String {
			told.Add(uuid.Str, lib.Parsed.around(answer.Exchange, "name").String())
		}
	}
	return told
}

// MountedOn matches a list of what a drive is mounted on that names no other servers. What is no list names none.
func MountedOn(known KnownServers) types.GomegaMatcher {
	return match{expected: "servers of the account, or none", holds: func(v gjson.Result) bool {
		return !v.IsArray() || !slices.ContainsFunc(v.Array(), func(server gjson.Result) bool {
			return !known.name(server)
		})
	}}
}

// NameNoUser matches licences of which each has no user but the account, as far as it tells.
func NameNoUser(account string) types.GomegaMatcher {
	return match{expected: "licences without a user", holds: func(v gjson.Result) bool {
		return !v.IsArray() || !slices.ContainsFunc(v.Array(), func(entry gjson.Result) bool {
			user := entry.Get("user")
			return user.Type != gjson.Null && !strings.EqualFold(mountedOn(user), account)
		})
	}}
}

// AccountOf is the uuid of the owner of the account's drives, where all tell the same; else it is empty.
func AccountOf(own List) (account string) {
	for _, drive := range own.Drives {
		uuid := drive.Field("owner").Get("uuid").String()
		switch {
		case uuid == "" || uuid == account:
		case account != "":
			return ""
		default:
			account = uuid
		}
	}
	return account
}

// NameServersWhole matches a list of what a drive is mounted on in which each server has its address, its uuid and its name.
func NameServersWhole() types.GomegaMatcher {
	return match{expected: "objects with resource_uri, uuid and name, or none", holds: func(v gjson.Result) bool {
		return !v.IsArray() || !slices.ContainsFunc(v.Array(), func(server gjson.Result) bool {
			return server.Get("resource_uri").Type != gjson.String || server.Get("uuid").Type != gjson.String || server.Get("name").Type != gjson.String
		})
	}}
}

// MountedDrives are at most so many drives of the list that say that they are mounted.
func MountedDrives(list List, most int) (mounted []Drive) {
	for _, drive := range Unique(list.Drives) {
		if len(drive.Field("mounted_on").Array()) > 0 && len(mounted) < most {
			mounted = append(mounted, drive)
		}
	}
	return mounted
}

// mountedOn is the uuid of a server in a list of what a drive is mounted on: its uuid, or the end of its address.
func mountedOn(server gjson.Result) string {
	if uuid := server.Get("uuid"); uuid.Type == gjson.String {
		return uuid.Str
	}
	address := server.Str
	if server.IsObject() {
		address = server.Get("resource_uri").String()
	}
	return lastSegment(address)
}

// lastSegment is the end of an address, whether or not a slash stands behind it.
func lastSegment(address string) string {
	address = strings.TrimSuffix(address, "/")
	return address[strings.LastIndex(address, "/")+1:]
}

// MountedAllTheWhile are those appearances whose drive was mounted on one and the same server before the account's servers were
// listed and after it, so that the list would name the server if it were the account's.
func (told Appearances) MountedAllTheWhile(lib *Library) Appearances {
	lists := lib.serverLists()
	type mount struct{ drive, server string }
	first, last := map[mount]*evidence.Exchange{}, map[mount]*evidence.Exchange{}
	servers := func(a *Appearance) (on []mount) {
		for _, server := range a.Field("mounted_on").Array() {
			on = append(on, mount{a.UUID, mountedOn(server)})
		}
		return on
	}
	for a := range told.each {
		for _, m := range servers(a) {
			if first[m] == nil || a.From.Started.Before(first[m].Started) {
				first[m] = a.From
			}
			if last[m] == nil || a.From.Started.After(last[m].Started) {
				last[m] = a.From
			}
		}
	}
	between := func(m mount) bool {
		return slices.ContainsFunc(lists, func(x *evidence.Exchange) bool {
			return first[m].Started.Before(x.Started) && last[m].Started.After(x.Started.Add(x.Duration))
		})
	}
	return told.where(func(a *Appearance) bool { return slices.ContainsFunc(servers(a), between) })
}

// serverLists are the exchanges that list all of the account's servers.
func (lib *Library) serverLists() []*evidence.Exchange {
	if lib.Planning {
		return nil
	}
	return Once(lib.Evaluator, fmt.Sprintf("lists of servers, %d exchanges", lib.Record.Len()), func() (lists []*evidence.Exchange) {
		for _, x := range lib.Record.All() {
			path, query, _ := lib.below(x)
			if path != ServersPath || len(query) != 1 || query.Get("limit") != "0" || x.Status() != 200 || x.Failure != "" {
				continue
			}
			if total, counted := WholeNumber(lib.Parsed.body(x).count()); counted && int(total) == len(lib.Parsed.objects(x)) {
				lists = append(lists, x)
			}
		}
		return lists
	})
}
