// NestJS's transport over Redis: a microservice with its controllers, and a proxy that calls it.

import "reflect-metadata";
import { assertEquals, assertRejects } from "@std/assert";
import { Controller, type INestMicroservice, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import {
  type ClientProxy,
  ClientProxyFactory,
  EventPattern,
  MessagePattern,
  type MicroserviceOptions,
  RpcException,
  Transport,
} from "@nestjs/microservices";
import { firstValueFrom, from, lastValueFrom, type Observable, toArray } from "rxjs";
import { Inbox } from "../harness/inbox.ts";
import { onEitherServer } from "../harness/either_server.ts";

const noted = new Inbox<unknown>();

class Work {
  sum(numbers: number[]): number {
    return numbers.reduce((sum, n) => sum + n, 0);
  }

  countdown(n: number): Observable<number> {
    return from(Array.from({ length: n }, (_, i) => n - i));
  }

  fail(): never {
    throw new RpcException("this cannot be done");
  }

  created(event: unknown): void {
    noted.add(event);
  }
}

class App {}

/** What a decorator written with an @ would do to a method. */
function decorate<Name extends keyof Work>(
  name: Name,
  decorator: (target: object, name: Name, method: TypedPropertyDescriptor<Work[Name]>) => void,
): void {
  decorator(Work.prototype, name, Object.getOwnPropertyDescriptor(Work.prototype, name)!);
}

decorate("sum", MessagePattern({ cmd: "sum" }));
decorate("countdown", MessagePattern("countdown"));
decorate("fail", MessagePattern("fail"));
decorate("created", EventPattern("user.*"));
Controller()(Work);
Module({ controllers: [Work] })(App);

type Options = { wildcards?: boolean };

async function withService(
  port: number,
  body: (proxy: ClientProxy, connect: () => ClientProxy) => Promise<void>,
  { wildcards = false }: Options = {},
): Promise<void> {
  noted.items.length = 0;
  const options = { host: "127.0.0.1", port, wildcards };
  const app: INestMicroservice = await NestFactory.createMicroservice<MicroserviceOptions>(App, {
    transport: Transport.REDIS,
    options,
    logger: false,
  });
  const proxies: ClientProxy[] = [];
  const connect = (): ClientProxy => {
    const proxy = ClientProxyFactory.create({ transport: Transport.REDIS, options });
    proxies.push(proxy);
    return proxy;
  };
  try {
    await app.listen();
    await body(connect(), connect);
  } finally {
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await app.close();
  }
}

onEitherServer(
  "NestJS over Redis: requests are answered",
  (port) =>
    withService(port, async (proxy) => {
      assertEquals(await firstValueFrom(proxy.send({ cmd: "sum" }, [1, 2, 39])), 42);
      const counted = proxy.send<number>("countdown", 3).pipe(toArray());
      assertEquals(await lastValueFrom(counted), [3, 2, 1]);
      await assertRejects(
        () =>
          firstValueFrom(proxy.send("fail", {})).catch((error) => {
            throw new Error(JSON.stringify(error));
          }),
        Error,
        "this cannot be done",
      );
    }),
);

onEitherServer(
  "NestJS over Redis: many requests of several at once",
  (port) =>
    withService(port, async (_, connect) => {
      const proxies = Array.from({ length: 4 }, connect);
      const answers = await Promise.all(
        Array.from(
          { length: 400 },
          (_, i) => firstValueFrom(proxies[i % 4].send<number>({ cmd: "sum" }, [i, 1])),
        ),
      );
      assertEquals(answers, Array.from({ length: 400 }, (_, i) => i + 1));
    }),
);

onEitherServer(
  "NestJS over Redis: events by pattern, in order",
  (port) =>
    withService(port, async (proxy) => {
      for (let i = 0; i < 50; i++) await lastValueFrom(proxy.emit("user.created", { id: i }));
      const received = await noted.take(50);
      assertEquals(received, Array.from({ length: 50 }, (_, id) => ({ id })));
      assertEquals(await firstValueFrom(proxy.send({ cmd: "sum" }, [20, 22])), 42);
    }, { wildcards: true }),
);
