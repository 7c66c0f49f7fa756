# The gateway, the workers and the `dragoman` command in one image.
#   docker build -t dragoman .
#   docker run -p 127.0.0.1:8080:8080 -v dragoman:/var/lib/dragoman dragoman     (everything in one container)
# compose.yaml runs gateway, workers and store in containers of their own.

FROM python:3.11.14-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
# The locked packages change seldom: a layer of their own.
COPY requirements/serve.txt requirements/build.txt requirements/
RUN python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes --no-deps -r requirements/build.txt \
    && python -m venv /opt/dragoman \
    && /opt/dragoman/bin/pip install --require-hashes --no-deps -r requirements/serve.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY conversation conversation
COPY store store
COPY models models
COPY glossary glossary
COPY translation translation
COPY gateway gateway
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /opt/dragoman/bin/pip install --no-deps /wheels/*.whl \
    && /opt/dragoman/bin/python -m compileall -q /opt/dragoman \
    && /opt/dragoman/bin/pip uninstall --yes --quiet pip setuptools

FROM python:3.11.14-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/dragoman --create-home --shell /usr/sbin/nologin dragoman
COPY --from=build /opt/dragoman /opt/dragoman
ENV PATH=/opt/dragoman/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DRAGOMAN_HOST=0.0.0.0 \
    DRAGOMAN_PORT=8080 \
    DRAGOMAN_DATA_DIR=/var/lib/dragoman
USER 10001
WORKDIR /var/lib/dragoman
VOLUME /var/lib/dragoman
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['DRAGOMAN_PORT']}/health/ready\", timeout=2)"]
ENTRYPOINT ["dragoman"]
CMD ["serve", "--no-demo"]
