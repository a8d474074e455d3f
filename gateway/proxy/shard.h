// What one reactor thread of the gateway owns, and what all of them share.
//
// Nothing on the hot path is shared between reactors but the current route table's pointer and counters.
// Thread: a Shard belongs to its reactor's thread; Shared is constant or thread-safe in all its parts.
#pragma once

#include <atomic>
#include <list>
#include <string>

#include "gateway/metrics/metrics.h"
#include "gateway/proxy/call.h"
#include "gateway/proxy/pool.h"
#include "gateway/proxy/settings.h"
#include "gateway/route/directory.h"
#include "gateway/system/api.h"
#include "gateway/system/log_streams.h"
#include "gateway/system/worker.h"
#include "lib/io/broadcast.h"
#include "lib/io/reactor.h"

namespace faisca::gateway {

struct Shared {
  const ProxySettings settings;
  const Directory& directory;
  Api& api;
  LogStreams& log_streams;
  Worker& worker;  // where api commands run
};

struct Client;

struct Shard {
  Shard(Shared& shared_parts, uint64_t seed)
      : shared(shared_parts), pool(shared_parts.settings), call_ids(seed), table_changed(reactor) {}

  Shared& shared;
  io::Reactor reactor;
  TablePtr table;  // as of the last request
  InstancePool pool;
  CallIds call_ids;
  size_t turn = 0;                  // of admit()
  io::Broadcast table_changed;      // woken when the directory has a new table
  std::list<Client*> clients;       // every connection now open
  io::Source* listening = nullptr;  // where clients are accepted; null when not
  bool draining = false;            // no further request on any connection
};

// One client connection. Lives on the frame of its serving task.
struct Client {
  Client(Shard& owner, UniqueFd socket, std::string peer)
      : shard(owner), stream(owner.reactor, std::move(socket)), address(std::move(peer)) {
    self = shard.clients.insert(shard.clients.end(), this);
  }
  ~Client() { shard.clients.erase(self); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  Shard& shard;
  io::Stream stream;
  const std::string address;  // of the peer, without port
  bool idle = false;          // waits for a request, none of which has come

  // Kept from request to request for their memory.
  http::RequestHead head;
  http::ResponseHead response_head;
  Call call;
  std::string head_to_instance;
  std::string head_to_client;

 private:
  std::list<Client*>::iterator self;
};

}  // namespace faisca::gateway
