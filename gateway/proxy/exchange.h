// One request and its response between a client and one instance, both bodies streaming at once.
//
// The request's head and what has arrived of its body go out in one write. If more is to come, a second task
// sends it on while this one waits for the response; it has always ended before `run` does. A piece is read
// only when the one before it was written, so a slow reader slows its sender, and memory stays at one buffer
// each way.
//
// Invariants: (1) `body_` and the client's input belong to the body task while it runs; (2) nothing is
// written to the client before a whole response head was understood, but for 100 Continue; (3) a fault after
// that closes the client's connection without a proper end of the body. Thread: its reactor's. Ownership:
// borrows everything; lives on the invoking task's frame.
#pragma once

#include <memory>
#include <optional>

#include "gateway/answer/answer.h"
#include "gateway/proxy/body_source.h"
#include "gateway/proxy/reply.h"
#include "gateway/proxy/shard.h"

namespace faisca::gateway {

class Exchange {
 public:
  struct Deadlines {
    SteadyTime request;              // for the whole request body to arrive
    SteadyTime response;             // for the whole response
    std::chrono::nanoseconds write;  // for each piece written
  };
  enum class Connection : uint8_t { kFresh, kPooled };

  Exchange(Client& client, BodySource& body, const Instance& instance, io::Stream& stream,
           Connection connection, Deadlines deadlines)
      : client_(client),
        body_(body),
        instance_(instance),
        stream_(stream),
        connection_(connection),
        deadlines_(deadlines),
        body_ended_(client.shard.reactor) {}

  struct Result {
    enum Kind : uint8_t {
      kAnswered,  // `status` went to the client
      kRefused,   // nothing went to the client: send it `answer`
      kStale,     // the pooled connection was dead and nothing was lost: try another
      kGone,      // the client left, or its connection broke
    };
    Kind kind = kGone;
    int status = 499;
    Answer answer = {};
    bool keep_client = false;    // only for kAnswered
    bool keep_instance = false;  // the stream can carry another request
  };
  io::Task<Result> run();

 private:
  io::Task<io::Io> send_head();
  io::Task<> send_body();
  io::Task<> end_body();
  io::Task<Result> receive();
  io::Task<Result> pass_on(size_t head_size);
  io::Task<io::Io> fill();
  Result refuse(int status, std::string_view message, std::string_view hint) const;
  Result explain(const io::Io& io, bool response_begun) const;
  std::string hop() const;

  Client& client_;
  BodySource& body_;
  const Instance& instance_;
  io::Stream& stream_;
  const Connection connection_;
  const Deadlines deadlines_;

  bool body_running_ = false;
  bool body_cancelled_ = false;
  bool client_gone_ = false;
  std::optional<Answer> client_fault_;  // what is wrong with the request's body
  io::Waitable body_ended_;
};

}  // namespace faisca::gateway
