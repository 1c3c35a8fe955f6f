# One image for every role: serve, relay, worker, migrate.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/threefold && /opt/threefold/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY graph graph
COPY api api
COPY cypher cypher
COPY seeds seeds
RUN /opt/threefold/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --system --create-home threefold && install -d -o threefold -m 700 /var/lib/threefold
COPY --from=build /opt/threefold /opt/threefold
ENV PATH=/opt/threefold/bin:$PATH PYTHONUNBUFFERED=1 THREEFOLD_API_HOST=0.0.0.0 THREEFOLD_HOME=/var/lib/threefold
USER threefold
EXPOSE 8000
ENTRYPOINT ["threefold"]
CMD ["serve"]
