# Follow a count by asking every two seconds; what has not changed costs an empty answer. Needs: install.packages(c("curl", "jsonlite"))
#
# follow("https://count.example", "2026-06-07-president-runoff", function(version, state) print(state$nation$published$votes))

follow <- function(home, election, changed, topic = "nation", every = 2) {
  address <- sprintf("%s/api/v1/elections/%s/state?topic=%s", home, election, topic)
  etag <- ""
  repeat {
    handle <- curl::new_handle(timeout = 30)
    if (nzchar(etag)) curl::handle_setheaders(handle, "If-None-Match" = etag)
    # A server that is away is asked again; nothing is lost, since each answer is the whole state.
    answer <- tryCatch(curl::curl_fetch_memory(address, handle = handle), error = function(e) NULL)
    if (!is.null(answer) && answer$status_code == 200) {
      etag <- curl::parse_headers_list(answer$headers)$etag
      body <- jsonlite::fromJSON(rawToChar(answer$content))
      changed(body$seq, body$state)
    }
    Sys.sleep(every + stats::runif(1))
  }
}
