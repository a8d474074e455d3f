// One client's HTTP/1.1 connection: reads requests strictly, hands each to the Application, sends the answers
// in order.
//
// A request after a request that is still being answered waits in the buffer (pipelining). Reading pauses
// while the Invocation has enough; writing is buffered up to a bound, then Exchange::write says kPause. Time:
// `read` for a whole request from its first byte (408), `write` without progress of the answer, `idle`
// between requests. A client that closes, even one direction only, has gone: its Invocation is cancelled.
// Ownership: by the Server (server.h), which destroys it when `closed` is called. Thread: its reactor's.
#pragma once

#include <memory>
#include <string>

#include "lib/base/unique_fd.h"
#include "watchdog/server/exchange.h"
#include "watchdog/server/reactor.h"

namespace faisca::watchdog {

struct ServerSettings {
  Duration read_timeout = std::chrono::seconds(30);  // 0: none, as for the other two
  Duration write_timeout = std::chrono::seconds(30);
  Duration idle_timeout = std::chrono::minutes(3);
  uint64_t max_body = 10u << 20;  // bytes; larger request bodies get 413
};

class Connection final : public EventTarget, public Exchange {
 public:
  class Owner {
   public:
    virtual void closed(
        Connection& connection) = 0;  // destroys it, though not before the current event is handled

   protected:
    ~Owner() = default;
  };

  Connection(Reactor& reactor, const ServerSettings& settings, Application& application, Owner& owner,
             UniqueFd socket);
  ~Connection();

  Status start();
  // The next answer, or the one in progress, is the last, and says so.
  void make_next_answer_last() { close_after_ = true; }
  // Closes now when idle, otherwise after the answer in progress.
  void close_when_idle();
  // Cancels what is in progress and closes.
  void close_now();

  size_t list_index = 0;  // the owner's

 private:
  enum class State {
    kHead,     // waiting for a request or the rest of its head
    kServing,  // an invocation, or its body
    kFlush,    // the answer is complete; its last bytes are leaving
    kLinger,  // said goodbye; discards what still comes, so that no reset destroys the answer (RFC 9112 §9.6)
    kClosed,
  };
  enum Tag { kSocket, kTimeout };

  void on_event(int tag, uint32_t events) override;
  void respond(const Response& response) override;
  void start(const Response& head) override;
  Flow write(std::string_view data) override;
  void finish() override;
  void abort() override;
  void resume_body() override;

  void on_timeout();
  void advance();  // makes all progress that needs no new event
  bool read_some();
  bool parse_head();
  void begin_request();
  void pump_body();
  void skip_buffered_body();
  void refuse(int status, std::string_view reason);
  void append_head(const Response& response, bool length_known);
  void flush();
  void answered();
  void end_invocation(int status);
  void linger();
  void discard();
  void close();
  std::string_view input() const { return {input_.data() + input_start_, input_.size() - input_start_}; }
  void consume(size_t count);

  Reactor& reactor_;
  const ServerSettings& settings_;
  Application& application_;
  Owner& owner_;
  UniqueFd socket_;
  Watch watch_;
  Timer timer_;

  State state_ = State::kHead;
  bool readable_ = false;  // edge-triggered: the socket may have bytes
  bool peer_closed_ = false;
  bool close_after_ = false;
  bool advancing_ = false;  // inside advance(): answers given on the spot do not recurse

  std::string input_;
  size_t input_start_ = 0;
  http::HeadScanner scanner_;
  http::RequestHead head_;

  // The request in progress.
  http::BodyDecoder body_;
  bool body_ended_ = true;
  bool body_paused_ = false;
  bool answering_ = false;  // start() or respond() was called
  bool chunked_answer_ = false;
  bool write_paused_ = false;  // the Invocation waits for on_writable
  bool client_http10_ = false;
  Invocation* invocation_ = nullptr;
  Method method_ = Method::kOther;
  int status_ = 0;
  SteadyTime started_{};
  std::string call_id_;

  std::string output_;
  size_t output_start_ = 0;
};

}  // namespace faisca::watchdog
