// Bytes read from a socket and not yet used: a window that slides over one allocation.
//
// Empty buffers hold no memory after release(), so an idle connection costs none.
// Views into it hold until the next `prepare`, which may move the bytes. Thread: owned by one thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace faisca::io {

class Buffer {
 public:
  static constexpr size_t kFirst = 8 * 1024;
  static constexpr size_t kLargest = 72 * 1024;  // a whole head of 64 KiB, and some

  std::string_view bytes() const { return {data_.get() + begin_, end_ - begin_}; }
  size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }
  bool full() const { return begin_ == 0 && end_ == kLargest; }

  void consume(size_t count) {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }

  // Room to read into; empty only if full(). Grows when the last read used all there was.
  std::span<char> prepare() {
    if (capacity_ == 0) {
      reallocate(kFirst);
    } else if (end_ == capacity_ || grow_) {
      if (begin_ > 0 && !grow_) {
        std::memmove(data_.get(), data_.get() + begin_, size());
        end_ -= begin_;
        begin_ = 0;
      } else if (capacity_ < kLargest) {
        reallocate(std::min(capacity_ * 4, kLargest));
      } else if (begin_ > 0) {
        std::memmove(data_.get(), data_.get() + begin_, size());
        end_ -= begin_;
        begin_ = 0;
      }
      grow_ = false;
    }
    return {data_.get() + end_, capacity_ - end_};
  }
  void commit(size_t count) {
    end_ += count;
    grow_ = end_ == capacity_ && capacity_ < kLargest;
  }

  // Gives the memory back if nothing is held.
  void release() {
    if (!empty()) return;
    data_.reset();
    capacity_ = 0;
    grow_ = false;
  }

 private:
  void reallocate(size_t capacity) {
    std::unique_ptr<char[]> larger(new char[capacity]);
    if (!empty()) std::memcpy(larger.get(), data_.get() + begin_, size());
    end_ -= begin_;
    begin_ = 0;
    data_ = std::move(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> data_;
  size_t capacity_ = 0;
  size_t begin_ = 0;
  size_t end_ = 0;
  bool grow_ = false;
};

}  // namespace faisca::io
