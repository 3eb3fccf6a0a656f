import { type CanActivate, type ExecutionContext, Module, UnauthorizedException, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Request } from 'express';
import { entities } from './entities.js';
import { SubscriptionsController } from './subscriptions.controller.js';

/** The plain service as a process: DATABASE_URL, DATABASE_POOL_SIZE, API_KEY; says on which port it listens. */
@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env.DATABASE_URL,
      entities,
      synchronize: true,
      extra: { max: Number(process.env.DATABASE_POOL_SIZE) },
    }),
  ],
  controllers: [SubscriptionsController],
})
class PlainModule {}

class KeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const given = context.switchToHttp().getRequest<Request>().get('authorization');
    if (given !== `Bearer ${process.env.API_KEY}`) throw new UnauthorizedException();
    return true;
  }
}

const app = await NestFactory.create(PlainModule, { logger: ['error', 'warn'] });
app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
app.useGlobalGuards(new KeyGuard());
app.enableShutdownHooks();
await app.listen(Number(process.env.PORT), '127.0.0.1');
