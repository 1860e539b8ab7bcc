# docker build --tag watcher .     How to run it: docs/how-to-docker.md
#
# The base is named by a tag, so that each build has Debian's latest fixes. Who wants the same build twice gives a digest:
# docker build --build-arg BASE=debian:bookworm-slim@sha256:...
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS build
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ca-certificates python3-venv
WORKDIR /src
# pip stays outside of what is handed on.
RUN python3 -m venv /pip \
 && python3 -m venv --without-pip /opt/watcher
COPY requirements.txt ./
RUN /pip/bin/pip --python /opt/watcher/bin/python install --no-cache-dir --no-compile \
      --require-hashes --requirement requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY watcher watcher
# Bytecode that is not compared with its source: the file system is read-only, and times are lost on the way.
RUN /pip/bin/pip --python /opt/watcher/bin/python install --no-cache-dir --no-compile --no-deps --no-build-isolation . \
 && /pip/bin/pip --python /opt/watcher/bin/python uninstall --yes \
      editables hatchling packaging pathspec pip tomlkit trove-classifiers \
 && /opt/watcher/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/watcher/lib

FROM ${BASE}
LABEL org.opencontainers.image.title="watcher" \
      org.opencontainers.image.description="Watches feeds against rules and alerts once for each match" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT"
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ca-certificates python3 tini \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/* /var/log/* \
 && groupadd --gid 10001 watcher \
 && useradd --uid 10001 --gid 10001 --home-dir /var/lib/watcher --no-create-home --shell /usr/sbin/nologin watcher \
 && install --directory /etc/watcher \
 && install --directory --owner 10001 --group 10001 --mode 0750 /var/lib/watcher
COPY --from=build /opt/watcher /opt/watcher
ENV PATH=/opt/watcher/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    WATCHER_CONFIG=/etc/watcher/watcher.yaml
WORKDIR /var/lib/watcher
VOLUME ["/var/lib/watcher"]
EXPOSE 8473
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=2m --retries=3 CMD ["watcher", "healthcheck"]
# As process 1 the watcher would not hear a signal while it is still being loaded: tini hands it on.
ENTRYPOINT ["tini", "--", "watcher"]
CMD ["run"]
