#include "channels/http/client.h"

#include <cpprest/http_client.h>
#include <pplx/threadpool.h>

#include <atomic>
#include <boost/asio/steady_timer.hpp>

#include "channels/http/threads.h"

namespace huiyin::http {
namespace {

// What the library says when the request was never written; anything else may have arrived.
bool never_written(const web::http::http_exception& error) {
  if (error.error_code() == std::errc::timed_out) return false;
  const std::string_view what = error.what();
  return what.find("Failed to connect") != std::string_view::npos ||
         what.find("resolving address") != std::string_view::npos ||
         what.find("Failed to resolve") != std::string_view::npos ||
         what.find("SSL handshake") != std::string_view::npos;
}

// One call: done exactly once, by the answer, by an error, or by the deadline.
class Call : public std::enable_shared_from_this<Call> {
 public:
  explicit Call(std::function<void(Result<ClientResponse>)> done)
      : done_(std::move(done)), deadline_(crossplat::threadpool::shared_instance().service()) {}

  void start(const ClientRequest& request) {
    web::http::http_request out(request.method);
    try {
      const web::uri url(request.url);
      if ((url.scheme() != "http" && url.scheme() != "https") || url.host().empty()) {
        return finish(fail(ErrorKind::invalid, "not an http or https URL", "url"));
      }
      web::http::client::http_client_config config;
      config.set_timeout(request.timeout);
      config.set_max_redirects(0);
      client_ = std::make_unique<web::http::client::http_client>(url.authority(), config);
      out.set_request_uri(url.resource());
    } catch (const std::exception& error) {
      return finish(fail(ErrorKind::invalid, error.what(), "url"));
    }
    std::string type = "application/octet-stream";
    for (const auto& [name, value] : request.headers) {
      out.headers()[name] = value;
      if (!CaseLess{}(name, "Content-Type") && !CaseLess{}("Content-Type", name)) type = value;
    }
    // For the provider; the library adds "Keep-Alive" after it, but a client that is made for one
    // call has no kept connection to reuse.
    out.headers()["Connection"] = "close";
    if (!request.body.empty()) out.set_body(request.body, type);
    // The library's timeout begins anew with each byte; this one does not.
    deadline_.expires_after(request.timeout);
    deadline_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (error) return;
      self->finish(fail(ErrorKind::ambiguous, "no answer in time"));
      self->cancel_.cancel();
    });
    client_->request(out, cancel_.get_token())
        .then([self = shared_from_this()](const pplx::task<web::http::http_response>& task) {
          self->take(task);
        });
  }

 private:
  void take(const pplx::task<web::http::http_response>& task) {
    try {
      const web::http::http_response response = task.get();
      answer_.status = response.status_code();
      for (const auto& [name, value] : response.headers()) answer_.headers.emplace(name, value);
      const auto length = response.headers().content_length();
      if (length > answer_bytes_max) return finish(too_long());
      answer_.body.resize(answer_bytes_max + 1);
      body_ = response.body().streambuf();
      read_more();
    } catch (const web::http::http_exception& error) {
      finish(
          fail(never_written(error) ? ErrorKind::transient : ErrorKind::ambiguous, error.what()));
    } catch (const std::exception& error) {
      finish(fail(ErrorKind::ambiguous, error.what()));
    }
  }

  void read_more() {
    body_
        .getn(reinterpret_cast<std::uint8_t*>(answer_.body.data()) + read_,
              answer_.body.size() - read_)
        .then([self = shared_from_this()](const pplx::task<std::size_t>& task) {
          try {
            const std::size_t got = task.get();
            self->read_ += got;
            if (self->read_ > answer_bytes_max) return self->finish(self->too_long());
            if (got > 0) return self->read_more();
            self->answer_.body.resize(self->read_);
            self->finish(std::move(self->answer_));
          } catch (const std::exception& error) {
            self->finish(fail(ErrorKind::ambiguous, error.what()));
          }
        });
  }

  tl::unexpected<Error> too_long() const {
    return fail(ErrorKind::ambiguous,
                "the answer is longer than " + std::to_string(answer_bytes_max) + " bytes");
  }

  void finish(Result<ClientResponse> result) {
    if (finished_.exchange(true)) return;
    deadline_.cancel();
    done_(std::move(result));
    done_ = nullptr;
  }

  std::function<void(Result<ClientResponse>)> done_;
  boost::asio::steady_timer deadline_;
  pplx::cancellation_token_source cancel_;
  std::unique_ptr<web::http::client::http_client> client_;
  concurrency::streams::streambuf<std::uint8_t> body_;
  ClientResponse answer_;
  std::size_t read_ = 0;
  std::atomic<bool> finished_{false};
};

class RestClient final : public Client {
 public:
  RestClient() { use_threads(); }
  void call(ClientRequest request, std::function<void(Result<ClientResponse>)> done) override {
    std::make_shared<Call>(std::move(done))->start(request);
  }
};

}  // namespace

std::unique_ptr<Client> make_client() {
  return std::make_unique<RestClient>();
}

}  // namespace huiyin::http
